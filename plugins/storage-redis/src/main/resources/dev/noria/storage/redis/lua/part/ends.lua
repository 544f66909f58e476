-- How jobs end, and what that means for those that wait for them (S1.6, S1.8, S3.4).
local IGNORE, HOLD = 1, 2
local MONTH = 2592000000

-- How many dependents one unit looks at, whatever becomes of them.
local LOOKS = 1000

-- What a call did to jobs that it did not name, and how much of that it may do.
local function new_report(limit)
  return {limit = limit, n = 0, looks = 0, reclaimed = {}, ended = {}, released = {}, purged = {}}
end

local function is_full(report)
  if report.n >= report.limit or report.looks >= LOOKS then
    report.cut = true
  end
  return report.cut or false
end

local function note(report, list, entry)
  report.n = report.n + 1
  list[#list + 1] = entry
end

local function note_ended(report, j)
  note(report, report.ended, {j.i, j.q, j.t, j.s, j.R})
end

local function retention_of(j, state)
  return state == COMPLETED and (j.h or 0) or (j.H or MONTH)
end

-- Only the state and the key of the job itself; enter or close_end has to follow.
local function finish(j, state, reason, retention)
  local from = j.s
  leave(j)
  j.s, j.R, j.f, j.E = state, reason, now, now + retention
  record(j, from, state)
  free_key(j, 1)
  hint_finished(j)
  dirty[j] = true
end

local function without(text, id)
  for i = 1, #(text or ''), 16 do
    if string.sub(text, i, i + 15) == id then
      return string.sub(text, 1, i - 1) .. string.sub(text, i + 16)
    end
  end
  return nil
end

-- Tells one dependent that a job ended, or was deleted (no state); says whether that ended it.
local function settle_one(dependent, id, state, report)
  local rest = without(dependent.U, id)
  if not rest then
    return false
  end
  if state == COMPLETED or dependent.F == IGNORE then
    dependent.U = rest
    dirty[dependent] = true
    if rest == '' then
      leave(dependent)
      dependent.U = nil
      await(dependent, dependent.r or dependent.e)
      record(dependent, BLOCKED, dependent.s)
      enter(dependent)
      note(report, report.released, dependent.i)
    end
    return false
  end
  if dependent.F == HOLD then
    if not state and not without(dependent.V, id) then
      dependent.V = (dependent.V or '') .. id
      dirty[dependent] = true
    end
    return false
  end
  finish(dependent, CANCELLED, 'DEPENDENCY', dependent.H or MONTH)
  enter(dependent)
  note_ended(report, dependent)
  return true
end

-- Leaves dependents behind a score to maintain.
local function leave_unsettled(id, after)
  call('ZADD', P .. 'unsettled', 'NX', next_number(), id)
  if after == '-inf' then
    call('HDEL', P .. 'settling', id)
  else
    call('HSET', P .. 'settling', id, after)
  end
end

-- Tells the dependents of one job, those behind a score; says behind which it had to stop.
local function settle_some(ends, id, state, after, report)
  local page = call('ZRANGEBYSCORE', P .. 'dependents:' .. id,
    after == '-inf' and after or '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, LOOKS + 1)
  for i = 1, #page, 2 do
    if is_full(report) then
      return after
    end
    report.looks = report.looks + 1
    after = page[i + 1]
    local dependent = load(page[i])
    if dependent and dependent.s == BLOCKED and settle_one(dependent, id, state, report) then
      ends[#ends + 1] = {page[i], CANCELLED}
    end
  end
  return nil
end

-- Tells all dependents, and theirs; what does not fit any more is left to maintain, which goes on
-- behind a score.
local function settle(id, state, report, from)
  local ends, at = {{id, state}}, 1
  while ends[at] do
    local stopped = settle_some(ends, ends[at][1], ends[at][2], at == 1 and from or '-inf', report)
    if stopped then
      leave_unsettled(ends[at][1], stopped)
      for left = at + 1, #ends do
        leave_unsettled(ends[left][1], '-inf')
      end
      return
    end
    at = at + 1
  end
end

-- The step after finish: dependents first, so that they still find the job; then it may vanish.
local function close_end(j, report)
  if is_depended_on(j.i) then
    settle(j.i, j.s, report)
  end
  if j.E <= now and not is_depended_on(j.i) then
    free_key(j, 2)
    erase(j, j.s)
  else
    enter(j)
  end
end

local function end_job(j, state, reason, report)
  finish(j, state, reason, retention_of(j, state))
  close_end(j, report)
end

-- Deletes a job; whoever waits for it takes it as cancelled.
local function delete(j)
  local from = j.s
  leave(j)
  free_key(j, 2)
  erase(j, from)
  if is_depended_on(j.i) then
    settle(j.i, nil, new_report(LOOKS))
  end
end

-- Removes a finished job whose retention is over, unless somebody depends on it.
local function vanish(j)
  if j.s < COMPLETED or not j.E or j.E > now or is_depended_on(j.i) then
    return false
  end
  leave(j)
  free_key(j, 2)
  erase(j, j.s)
  return true
end

-- Settles one blocked job by what has become of its dependencies.
local function settle_blocked(j, report)
  each_id(j.U, function(on)
    report.looks = report.looks + 1
    local dependency = load(on)
    if j.s ~= BLOCKED or (dependency and dependency.s < COMPLETED) or without(j.V, on) then
      return
    end
    local state = dependency and dependency.s
    if not dependency and j.M == 1 then
      state = COMPLETED
    end
    if settle_one(j, on, state or nil, report) then
      settle(j.i, CANCELLED, report)
    end
  end)
end
