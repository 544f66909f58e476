-- needs: base
-- keys: the prefix of the namespace
-- args: ids, by (1 or -1)
-- reply: how many
for _, id in ipairs(A.ids) do
  if call('HINCRBY', P .. 'watch', id, A.by) <= 0 then
    call('HDEL', P .. 'watch', id)
  end
end
-- Whoever died without taking its names away is forgotten when nobody asks for a day.
call('PEXPIRE', P .. 'watch', 86400000)
return tostring(#A.ids)
