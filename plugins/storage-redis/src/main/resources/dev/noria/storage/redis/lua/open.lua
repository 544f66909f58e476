-- needs: base
-- keys: the prefix of the namespace
-- args: format
-- reply: {the stored format, the oldest format that can read it}
local meta = P .. 'meta'
if call('HSETNX', meta, 'format', A.format) == 1 then
  call('HSET', meta, 'readable', A.format)
end
return encode({tonumber(call('HGET', meta, 'format')), tonumber(call('HGET', meta, 'readable'))})
