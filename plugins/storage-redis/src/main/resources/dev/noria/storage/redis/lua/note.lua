-- needs: base hints store job
-- keys: the prefix of the namespace
-- args: id, epoch, nonce, and one of: progress; lines with most; step with result
-- reply: 1 written, 0 the lease is not current
local j = load(A.id)
if not j or j.s ~= RUNNING or j.n ~= A.epoch or j.N ~= A.nonce then
  return '0'
end
if A.progress then
  call('HSET', P .. 'notes:' .. A.id, 'p', A.progress)
elseif A.lines then
  many('RPUSH', P .. 'log:' .. A.id, A.lines)
  call('LTRIM', P .. 'log:' .. A.id, -A.most, -1)
else
  call('HSETNX', P .. 'notes:' .. A.id, 's' .. A.step, A.result)
end
if not j.Q then
  j.Q = true
  dirty[j] = true
end
commit()
return '1'
