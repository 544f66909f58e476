-- needs: base hints store job keys ends enqueue ack
-- keys: the prefix of the namespace
-- args: now, expires, leases {id, epoch, nonce, started, abandoned}
-- reply: a digit for each lease: 0 extended, 1 lost, 2 cancel requested
local receipts, ids = {}, {}
for n, use in ipairs(A.leases) do
  ids[n] = use[1]
end
load_all(ids)
for n, use in ipairs(A.leases) do
  local j = current(use[1], use[2], use[3])
  if j then
    j.S = j.S or use[4] or nil
    j.A = j.A or use[5] or nil
    if not j.A and A.expires > j.x then
      j.x = A.expires
      call('ZADD', P .. 'leases', j.x, j.i)
    end
    dirty[j] = true
  end
  receipts[n] = not j and '1' or (j.C and '2' or '0')
end
commit()
return table.concat(receipts)
