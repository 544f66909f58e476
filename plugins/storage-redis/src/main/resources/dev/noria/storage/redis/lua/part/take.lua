-- An exchange of any kind.
local ENDED, MOST_STALE = 1000, 10000
local report, stale = new_report(ENDED), 0

local function promote(queue)
  local most = math.max(1000, A.total)
  local members = call('ZRANGEBYSCORE', P .. 'scheduled:' .. queue, '-inf', now, 'LIMIT', 0, most)
  if #members == most then
    due(now)
  end
  for _, member in ipairs(members) do
    local j = load(string.sub(member, 7))
    if j and j.s == SCHEDULED and arrival_of(j) == member then
      leave(j)
      become_ready(j)
      record(j, SCHEDULED, READY)
      enter(j)
    else
      call('ZREM', P .. 'scheduled:' .. queue, member)
    end
  end
end

local function lease(j)
  j.s, j.n, j.a = RUNNING, (j.n or 0) + 1, (j.a or 0) + 1
  j.N, j.j, j.b, j.x = A.nonce, A.owner, now, A.expires
  record(j, READY, RUNNING)
  count(j.q, READY, -1)
  count(j.q, RUNNING, 1)
  free_key(j, 0)
  dirty[j] = true
  j.L = nil
  local at = #taken + 1
  taken[at], bodies[at], epochs[at] = j.i, false, j.n
end

-- Ends a job that may not start, and is out of its line.
local function end_instead(j, reason, queue, group)
  if bad[j] then
    j.q, j.g, j.e, j.d, j.f = queue, group ~= '' and group or nil, now, now, now
    j.E, j.h = now + MONTH, MONTH
    bad[j] = nil
    count(queue, READY, -1)
    enter(j)
  else
    end_job(j, DEAD, reason, report)
  end
  note(report, report.ended, {j.i, j.q, j.t, DEAD, reason})
end

local function fits(j)
  bytes = bytes + (j.z or #j.P)
  full = #taken > 0 and bytes > A.bytes
  return not full
end

-- The first of both parts of a line. Says what it is: a member of the sorted set, an entry of the
-- list, or nothing; and its job.
local function first_of(member, id)
  local listed = id and load(id)
  if id and not (listed and (listed.L or bad[listed])) then
    -- It has left the list, and only its entry is still there.
    if listed and listed.X then
      listed.X, dirty[listed] = nil, true
    end
    return 'stale'
  elseif not member then
    return id and 'listed', listed
  elseif listed and not bad[listed] then
    local urgency, kind, instant, place = struct.unpack('>BBI6I6', member)
    if urgency > 100 or (urgency == 100 and kind == 1
        and (instant > listed.d or (instant == listed.d and place > listed.o))) then
      return 'listed', listed
    end
  end
  local j = load(string.sub(member, 15))
  if not j or (not bad[j] and (j.s ~= READY or j.L or place_of(j) ~= member)) then
    return 'gone'
  end
  return 'member', j
end

local function ids_of(members)
  local ids = {}
  for n = 1, #members do
    ids[n] = string.sub(members[n], 15)
  end
  return ids
end

-- An entry that counts no more has been passed. After very many of them others have their turn.
local function pass_stale()
  stale = stale + 1
  if stale == MOST_STALE then
    full = true
    due(now)
  end
end

-- Leases the first jobs of a line, at most so many; says how many, and whether to look again.
local function take_some(queue, group, most)
  local name = queue .. '\0' .. group
  local line, list = P .. 'line:' .. name, P .. 'fifo:' .. name
  local members, ids = call('ZRANGE', line, 0, most - 1), call('LRANGE', list, 0, most - 1)
  local gone, ends, passed, again, started = {}, {}, 0, false, 0
  load_all(ids)
  load_all(ids_of(members))
  while started < most and not full do
    local what, j = first_of(members[#gone + 1], ids[passed + 1])
    if not what then
      break
    end
    local may_not = j and (bad[j] and 'CORRUPT' or j.D and now > j.D and 'EXPIRED')
    if may_not and #report.ended >= ENDED then
      full = true
      due(now)
    elseif j and not may_not and not fits(j) then
      full = true
    elseif what == 'listed' or what == 'stale' then
      passed = passed + 1
    else
      gone[#gone + 1] = members[#gone + 1]
    end
    if what == 'stale' then
      pass_stale()
    end
    if not full and j and not may_not then
      started = started + 1
      ends[#ends + 1] = A.expires
      ends[#ends + 1] = j.i
      lease(j)
    elseif not full then
      again = true
      if may_not then
        j.L = nil
        end_instead(j, may_not, queue, group)
      end
    end
  end
  many('ZREM', line, gone)
  call('LTRIM', list, passed, -1)
  many('ZADD', P .. 'leases', ends)
  if group ~= '' and started > 0 then
    call('HINCRBY', P .. 'running:' .. queue, group, started)
  end
  return started, again
end

-- How many jobs a group may start now, and when it may again if a token is all that is missing.
local function may_start(queue, group, policy, wanted)
  local most = wanted
  if policy[2] > 0 then
    local running = tonumber(call('HGET', P .. 'running:' .. queue, group) or '0')
    most = math.min(most, policy[2] - running)
  end
  if policy[3] > 0 then
    local b = bucket_of(queue, group, policy)
    local tokens = math.floor(b[1] / policy[4])
    if tokens < 1 and has_work(queue, group) then
      due(now + math.ceil((policy[4] - b[1]) / policy[3]))
    end
    most = math.min(most, tokens)
  end
  return most
end

-- Goes round the ring of groups until the demand is met or nobody may start any more.
local function take(queue, limit)
  local ring, turns = P .. 'ring:' .. queue, P .. 'turn'
  local wanted = math.min(limit, A.total - #taken)
  local policy = policy_of(queue)
  if policy and policy.most > 0 then
    wanted = math.min(wanted, policy.most - count_of(queue, RUNNING))
  end
  if wanted <= 0 then
    return
  end
  local size, refusals = call('ZCARD', ring), 0
  local taken = tonumber(call('HGET', turns, queue) or '0')
  local before = taken
  while wanted > 0 and not full and refusals < size do
    local group = call('ZRANGE', ring, 0, 0)[1]
    local rules = group_policy(queue, group)
    local most = may_start(queue, group, rules, wanted)
    local alone = size == 1 and rules[1] == 1
    local started, again = 0, false
    if taken >= rules[1] then
      -- Its weight has been lowered in the middle of its turn.
      taken = 0
    end
    if most > 0 then
      started, again = take_some(queue, group, alone and most or math.min(most, rules[1] - taken))
    end
    wanted = wanted - started
    taken = alone and 0 or taken + started
    for _ = 1, policy and policy.groups[group] and rules[3] > 0 and started or 0 do
      take_token(queue, group, rules)
    end
    if started > 0 then
      refusals = 0
    end
    local turn_over = taken >= rules[1] and taken > 0
    if not full and not again and (turn_over or started == 0) then
      taken = 0
      if has_work(queue, group) then
        call('ZADD', ring, next_number(), group)
        refusals = started == 0 and refusals + 1 or refusals
      else
        call('ZREM', ring, group)
        call('HDEL', P .. 'tails', queue .. '\0' .. group)
        in_ring[queue .. '\0' .. group] = nil
      end
    end
    size = call('ZCARD', ring)
  end
  if taken ~= before then
    call('HSET', turns, queue, taken)
  end
end

local function look(queue, limit)
  promote(queue)
  take(queue, limit)
  local first = call('ZRANGEBYSCORE', P .. 'scheduled:' .. queue, '(' .. string.format('%.0f', now),
    '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if first[2] then
    due(tonumber(first[2]))
  end
end

local function acks_of(done)
  local acks = {}
  for i = 1, #done, 2 do
    local epoch, nonce = struct.unpack('>I4c8', done[i + 1])
    acks[#acks + 1] = {0, done[i], epoch, nonce, false, false, false}
  end
  return acks
end

-- What was taken by a call that is made again, as far as its leases have not ended meanwhile.
local function take_again(leased)
  for i = 1, #leased, 2 do
    local j = load(leased[i])
    if j and j.s == RUNNING and j.n == leased[i + 1] and j.N == A.nonce then
      taken[#taken + 1] = j.i
      bodies[#taken] = packed(j)
    end
  end
end

return {
  acknowledge = function()
    return acknowledge(A.acks or acks_of(A.done))
  end,
  look = look,
  ended = report.ended,
  take_again = take_again,
  body = function(id)
    return packed_of[id]
  end,
  payload = function(id)
    local j = loaded[id]
    return j and j.z and call('GET', P .. 'payload:' .. id) or false
  end
}
