-- needs: base hints store job keys
-- keys: the prefix of the namespace
-- args: now, jobs {job, result or false, history or false, progress or false, log lines, steps}
-- reply: a list: true enqueued, or the state of the one that is there
local receipts = {}

local function extras(j, item)
  if item[2] then
    call('SET', P .. 'result:' .. j.i, item[2])
    j.Y = true
  end
  if item[3] then
    call('SET', P .. 'history:' .. j.i, item[3])
    j.Z = true
  end
  if item[4] then
    call('HSET', P .. 'notes:' .. j.i, 'p', item[4])
    j.Q = true
  end
  for _, line in ipairs(item[5]) do
    call('RPUSH', P .. 'log:' .. j.i, line)
    j.Q = true
  end
  for i = 1, #item[6], 2 do
    call('HSET', P .. 'notes:' .. j.i, 's' .. item[6][i], item[6][i + 1])
    j.Q = true
  end
end

for n, item in ipairs(A.jobs) do
  local j = item[1]
  local same = load(j.i)
  if same then
    receipts[n] = same.s
  else
    j.o = next_number()
    newly_placed[j] = true
    if j.s == SCHEDULED then
      j.v = next_number()
    end
    loaded[j.i] = j
    set_payload(j, j.P)
    extras(j, item)
    if j.s < COMPLETED or (j.K or 0) >= 2 then
      take_key(j)
    end
    enter(j)
    record(j, 7, j.s)
    receipts[n] = true
  end
end
commit()
return encode(receipts)
