-- needs: base
-- keys: the prefix of the namespace
-- args: format
-- reply: {the stored format, the oldest format that can read it}
local meta = P .. 'meta'
if call('HSETNX', meta, 'format', A.format) == 1 then
  call('HSET', meta, 'readable', A.format)
end
-- Leases come and go quickly, and few are there at once: one long member that nothing looks for keeps
-- the server from storing them as a flat list, in which it looks for each from the beginning.
call('ZADD', P .. 'leases', '+inf', string.rep('-', 65))
return encode({tonumber(call('HGET', meta, 'format')), tonumber(call('HGET', meta, 'readable'))})
