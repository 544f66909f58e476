-- Takes the first jobs of the list, and notes until when they are leased.
local numbers = redis.call('LPOP', KEYS[2], ARGV[1])
if not numbers then
  return {}
end
local leases = {}
for i = 1, #numbers do
  leases[2 * i - 1] = ARGV[2]
  leases[2 * i] = numbers[i]
end
redis.call('ZADD', KEYS[3], unpack(leases))
return {numbers, redis.call('HMGET', KEYS[1], unpack(numbers))}
