-- Stores jobs: a packed value each in a hash, and their numbers at the end of a list.
for i = 1, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('RPUSH', KEYS[2], ARGV[i])
end
return #ARGV / 2
