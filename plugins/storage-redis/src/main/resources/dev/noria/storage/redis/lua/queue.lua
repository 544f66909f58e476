-- needs: base hints
-- keys: the prefix of the namespace
-- args: now, what (pause, resume, policy), queue, and for a policy: fields {name, value, …}
-- reply: the version of the policies
local version = 0
if A.what == 'pause' then
  call('SADD', P .. 'paused', A.queue)
elseif A.what == 'resume' then
  call('SREM', P .. 'paused', A.queue)
  wake(A.queue)
else
  call('DEL', P .. 'policy:' .. A.queue)
  for i = 1, #A.fields, 2 do
    call('HSET', P .. 'policy:' .. A.queue, A.fields[i], A.fields[i + 1])
  end
  call('SADD', P .. 'policies', A.queue)
  version = call('HINCRBY', P .. 'meta', 'policy', 1)
  touch(A.queue)
end
commit()
return string.format('%.0f', version)
