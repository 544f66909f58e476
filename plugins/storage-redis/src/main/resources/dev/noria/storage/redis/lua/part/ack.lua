-- How leases end (S3). An ack is {kind, id, epoch, nonce, …}; kinds: 0 completed (retention,
-- result, follow-ups), 1 retry (at, error), 2 dead (error, follow-ups), 3 released (at, reason),
-- 4 cancelled (reason, follow-ups). What is absent is false.
local KEPT = 10

-- The job of a lease, if the lease is current.
local function current(id, epoch, nonce)
  local j = load(id)
  return j and j.s == RUNNING and j.n == epoch and j.N == nonce and j or nil
end

-- Appends a failed attempt; the first and the last nine are kept (S3.5).
local function remember(j, error)
  local key = P .. 'history:' .. j.i
  -- One that is gone, or can not be read, must not keep the lease from ending.
  local fine, history = pcall(decode, j.Z and call('GET', key) or '')
  history = fine and type(history) == 'table' and history or {}
  history[#history + 1] = {j.G or 0, j.a or 0, error, j.j, j.b, now}
  if #history > KEPT then
    table.remove(history, 2)
  end
  call('SET', key, encode(history))
  j.Z = true
end

-- Back into its line; without an instant at its old place. Says whether that ended it.
local function wait_again(j, at, reason)
  if j.C then
    finish(j, CANCELLED, 'CANCELLED', j.H or MONTH)
    return true
  end
  leave(j)
  j.R = reason or nil
  if at then
    await(j, at)
  else
    j.s = READY
  end
  record(j, RUNNING, j.s)
  enter(j)
  take_key(j)
  return false
end

local function complete(j, retention, result)
  if result then
    call('SET', P .. 'result:' .. j.i, result)
    j.Y = true
  end
  finish(j, COMPLETED, nil, retention or j.h or 0)
  return true
end

-- Applies an ack; says whether the job ended.
local function apply(j, ack)
  local kind = ack[1]
  if kind ~= 3 then
    j.c = nil
  end
  if kind == 0 then
    return complete(j, ack[5], ack[6])
  elseif kind == 1 then
    remember(j, ack[6])
    return wait_again(j, ack[5], nil)
  elseif kind == 2 then
    remember(j, ack[5])
    finish(j, DEAD, 'FAILED', j.H or MONTH)
    return true
  elseif kind == 3 then
    j.a = j.a - 1
    return wait_again(j, ack[5], ack[6])
  end
  finish(j, CANCELLED, ack[5], j.H or MONTH)
  return true
end

local FOLLOW_UPS = {[0] = 7, [2] = 6, [4] = 6}

-- States and keys first, then follow-up jobs, then those that wait for the ended ones. One digit
-- for each ack: 1 applied, 0 stale.
local function acknowledge(acks)
  local receipts, ended, more, ids = {}, {}, {}, {}
  for n, ack in ipairs(acks) do
    ids[n] = ack[2]
  end
  load_all(ids)
  for n, ack in ipairs(acks) do
    local j = current(ack[2], ack[3], ack[4])
    receipts[n] = j and '1' or '0'
    if j then
      for _, job in ipairs(FOLLOW_UPS[ack[1]] and ack[FOLLOW_UPS[ack[1]]] or {}) do
        more[#more + 1] = job
      end
      if apply(j, ack) then
        ended[#ended + 1] = j
      end
    end
  end
  if #more > 0 then
    enqueue(more)
  end
  local report = new_report(1000)
  for _, j in ipairs(ended) do
    close_end(j, report)
  end
  drop_leases()
  return table.concat(receipts)
end
