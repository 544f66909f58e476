-- needs: base reply hints job keys ends enqueue ack policy
-- keys: the prefix of the namespace
-- args: now, client, sequence, acks, and of the request: owner, nonce, expires, demands {queue,
--   limit}, total, bytes, park
-- reply: {receipts, jobs {id, packed, payload or false}, next due or false, ended, paused, seconds,
--   microseconds}
local ENDED = 1000
local jobs, report, paused = {}, new_report(1000), {}
local next_due, full, bytes = false, false, 0

local function due(instant)
  if not next_due or instant < next_due then
    next_due = instant
  end
end

local function promote(queue)
  local most = math.max(1000, A.total)
  for _, member in ipairs(call('ZRANGEBYSCORE', P .. 'scheduled:' .. queue, '-inf', now,
      'LIMIT', 0, most)) do
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
  jobs[#jobs + 1] = j
end

-- Ends a job that may not start, and takes it out of its line whatever is stored of it.
local function end_instead(j, reason, line, member, queue, group)
  if #report.ended >= ENDED then
    full = true
    return
  end
  if bad[j] then
    call('ZREM', line, member)
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
  full = #jobs > 0 and bytes > A.bytes
  return not full
end

-- Leases the first jobs of a line, at most so many; says how many, and whether to look again.
local function take_some(queue, group, most)
  local line = P .. 'line:' .. queue .. '\0' .. group
  local gone, leases, again = {}, {}, false
  local members, ids = call('ZRANGE', line, 0, most - 1), {}
  for n, member in ipairs(members) do
    ids[n] = string.sub(member, 15)
  end
  load_all(ids)
  for _, member in ipairs(members) do
    local j = load(string.sub(member, 15))
    if not j or (not bad[j] and (j.s ~= READY or place_of(j) ~= member)) then
      call('ZREM', line, member)
      again = true
    elseif bad[j] or (j.D and now > j.D) then
      end_instead(j, bad[j] and 'CORRUPT' or 'EXPIRED', line, member, queue, group)
      again = true
    elseif fits(j) then
      lease(j)
      gone[#gone + 1] = member
      leases[#leases + 1] = j.x
      leases[#leases + 1] = j.i
      if j.D then
        call('ZREM', P .. 'deadline', j.i)
      end
    end
    if full or again then
      break
    end
  end
  many('ZREM', line, gone)
  many('ZADD', P .. 'leases', leases)
  if group ~= '' and #gone > 0 then
    call('HINCRBY', P .. 'running:' .. queue, group, #gone)
  end
  return #gone, again
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
    if tokens < 1 and call('EXISTS', P .. 'line:' .. queue .. '\0' .. group) == 1 then
      due(now + math.ceil((policy[4] - b[1]) / policy[3]))
    end
    most = math.min(most, tokens)
  end
  return most
end

-- Goes round the ring of groups until the demand is met or nobody may start any more.
local function take(queue, limit)
  local ring, turns = P .. 'ring:' .. queue, P .. 'turn'
  local wanted = math.min(limit, A.total - #jobs)
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
      if call('EXISTS', P .. 'line:' .. queue .. '\0' .. group) == 1 then
        call('ZADD', ring, next_number(), group)
        refusals = started == 0 and refusals + 1 or refusals
      else
        call('ZREM', ring, group)
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
  if is_paused(queue) then
    paused[#paused + 1] = queue
  else
    promote(queue)
    take(queue, limit)
  end
  local first = call('ZRANGEBYSCORE', P .. 'scheduled:' .. queue, '(' .. string.format('%.0f', now),
    '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if first[2] then
    due(tonumber(first[2]))
  end
end

local function entry(id, j)
  local raw = packed_of[j] or call('GET', P .. 'j:' .. id)
  return {id, raw, j.z and call('GET', P .. 'payload:' .. id) or false}
end

local function park()
  if A.park and #jobs < A.total then
    for _, demand in ipairs(A.demands) do
      call('SADD', P .. 'sleepers', demand[1])
    end
  end
end

-- Gives a reply again: jobs are there unless their lease has ended meanwhile.
local function answer(kept, leased)
  local list, time = {}, call('TIME')
  for n, item in ipairs(leased) do
    local j = load(item[1])
    if j and j.s == RUNNING and j.n == item[2] and j.N == A.nonce then
      list[#list + 1] = entry(item[1], j)
    end
  end
  return encode({kept[1], list, kept[3], kept[4], kept[5], tonumber(time[1]), tonumber(time[2])})
end

local kept, refusal = repeated('x')
if refusal then
  return refusal
end
if kept then
  local reply = decode(kept)
  park()
  return answer(reply, reply[2])
end
local receipts = acknowledge(A.acks)
for _, demand in ipairs(A.demands) do
  look(demand[1], demand[2])
end
-- Whoever goes to sleep now has seen all this work: it wakes only the others.
settle_hints()
park()
commit()
local leased = {}
for n, j in ipairs(jobs) do
  leased[n] = {j.i, j.n}
end
local reply = {receipts, leased, next_due, report.ended, paused}
keep_reply('x', encode(reply))
return answer(reply, leased)
