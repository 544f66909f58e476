-- needs: base hints store job keys ends
-- keys: the prefix of the namespace
-- args: now, what, ids, and for some: due, priority
-- reply: a digit for each id: 0 applied, 1 requested, 2 already finished, 3 not finished, 4 running,
--   5 key taken, 6 unknown
-- For changes of waiting jobs: what is answered for others.
local function not_waiting(j)
  if j.s > RUNNING then
    return '2'
  end
  return j.s == RUNNING and '4' or nil
end

local report = new_report(1000)

local function cancel(j)
  if j.s > RUNNING then
    return '2'
  elseif j.s == RUNNING then
    j.C = true
    dirty[j] = true
    news[#news + 1] = {'c', j.i}
    return '1'
  end
  end_job(j, CANCELLED, 'CANCELLED', report)
  return '0'
end

local function remove(j)
  if j.s == RUNNING then
    return '4'
  end
  delete(j)
  return '0'
end

local function reschedule(j)
  local other = not_waiting(j)
  if other then
    return other
  end
  local from = j.s
  leave(j)
  j.r = A.due
  if from == BLOCKED then
    j.d = A.due
  else
    await(j, A.due)
  end
  if j.s ~= from then
    record(j, from, j.s)
  end
  enter(j)
  return '0'
end

local function reprioritise(j)
  local other = not_waiting(j)
  if other then
    return other
  end
  if j.s == SCHEDULED then
    -- Its place among the scheduled ones does not depend on it.
    j.p = A.priority
    dirty[j] = true
    return '0'
  end
  leave(j)
  j.p = A.priority
  enter(j)
  return '0'
end

local function replay(j)
  if j.s < COMPLETED then
    return '3'
  end
  local holder = j.k and holder_of(j.q, j.k)
  if holder and holder ~= j.i then
    return '5'
  end
  local from = j.s
  leave(j)
  if j.Y then
    call('DEL', P .. 'result:' .. j.i)
  end
  j.r, j.G = now, (j.G or 0) + 1
  j.a, j.c, j.C, j.R, j.f, j.E, j.o, j.U, j.V, j.Y = nil, nil, nil, nil, nil, nil, nil, nil, nil, nil
  await(j, now)
  record(j, from, j.s)
  enter(j)
  take_key(j)
  return '0'
end

local changes = {
  cancel = cancel,
  delete = remove,
  reschedule = reschedule,
  reprioritise = reprioritise,
  replay = replay
}
local receipts = {}
for n, id in ipairs(A.ids) do
  local j = load(id)
  receipts[n] = j and changes[A.what](j) or '6'
end
commit()
return table.concat(receipts)
