-- Jobs: read, written and kept in step with the structures that find them. A job is a table whose
-- fields have one letter, because they are stored with every job; JobForm.java names them all.
-- Only change and its like move a job: first leave, then new values, then enter.
local loaded, bad, dirty, packed_of = {}, {}, {}, {}
local BIG = 4096
local LAST = 281474976710655

-- Keeps what was read of a job; false for none. One that can not be read looks dead; its bytes are
-- its payload.
local function keep(id, raw)
  local j = false
  if raw then
    local fine, value = pcall(decode, raw)
    if fine and type(value) == 'table' and value.q and value.s then
      j = value
    else
      j = {q = 'corrupt', t = 'corrupt', s = DEAD, R = 'CORRUPT', e = 0, d = 0, P = raw}
      bad[j] = true
    end
    j.i = id
  end
  loaded[id] = j
  return j
end

-- The job as stored, or false.
local function load(id)
  local j = loaded[id]
  if j == nil then
    j = keep(id, call('GET', P .. 'j:' .. id))
  end
  return j
end

-- Reads many jobs at once, for those who load them one by one next.
local function load_all(ids)
  for from = 1, #ids, 500 do
    local names, keys = {}, {}
    for n = from, math.min(from + 499, #ids) do
      if loaded[ids[n]] == nil then
        names[#names + 1] = ids[n]
        keys[#keys + 1] = P .. 'j:' .. ids[n]
      end
    end
    if #keys > 0 then
      local raws = call('MGET', unpack(keys))
      for n = 1, #names do
        keep(names[n], raws[n])
      end
    end
  end
end

-- Moves a payload that is too large to be written again and again to a key of its own.
local function set_payload(j, payload)
  if #payload > BIG then
    call('SET', P .. 'payload:' .. j.i, payload)
    j.P, j.z = nil, #payload
  else
    if j.z then
      call('DEL', P .. 'payload:' .. j.i)
    end
    j.P, j.z = payload, nil
  end
end

local function packed(j)
  local id = j.i
  j.i = nil
  local bytes = encode(j)
  j.i = id
  return bytes
end

local erased_keys, erased_ids, unleased = {}, {}, {}

-- Takes the leases that ended out of their index, before others are put into it.
local function drop_leases()
  many('ZREM', P .. 'leases', unleased)
  unleased = {}
end

-- Takes erased jobs out of the store and of the list of all jobs.
local function drop_erased()
  many_keys('DEL', erased_keys)
  many('ZREM', P .. 'ids', erased_ids)
  erased_keys, erased_ids = {}, {}
end

at_end[#at_end + 1] = function()
  local pairs_of = {}
  for j in pairs(dirty) do
    packed_of[j] = packed(j)
    pairs_of[#pairs_of + 1] = P .. 'j:' .. j.i
    pairs_of[#pairs_of + 1] = packed_of[j]
  end
  many_keys('MSET', pairs_of)
  drop_leases()
  drop_erased()
end

local events_mode

-- Records a change of state for those who read the events (C6); 7 stands for no state.
local function record(j, from, to)
  if not events_mode then
    events_mode = tonumber(call('HGET', P .. 'meta', 'events') or '0')
  end
  if events_mode == 0 or (events_mode == 1 and (to < COMPLETED or to > CANCELLED)) then
    return
  end
  local number = call('HINCRBY', P .. 'meta', 'event', 1)
  call('XADD', P .. 'events', 'MAXLEN', '=', 10000, number .. '-0',
    'e', encode({j.i, j.q, j.t, from, to, now}))
end

local function line_of(j)
  return P .. 'line:' .. j.q .. '\0' .. (j.g or '')
end

-- Its place in the line as bytes whose order is the order of the line (S2.3).
local function place_of(j)
  local urgency = 100 - (j.p or 0)
  if j.l then
    return struct.pack('>BBI6I6', urgency, 0, 0, LAST - j.o) .. j.i
  end
  return struct.pack('>BBI6I6', urgency, 1, j.d, j.o) .. j.i
end

local function arrival_of(j)
  return struct.pack('>I6', j.v) .. j.i
end

local in_ring = {}

-- Lets a group have its turn; one that has work is always in the ring.
local function join_ring(queue, group)
  local name = queue .. '\0' .. group
  if not in_ring[name] then
    in_ring[name] = true
    call('ZADD', P .. 'ring:' .. queue, 'NX', next_number(), group)
  end
end

local anybody_blocked

-- Whether blocked jobs name this one; without any blocked job nothing is looked up.
local function is_depended_on(id)
  if anybody_blocked == nil then
    anybody_blocked = call('EXISTS', P .. 'blocked') == 1
  end
  return anybody_blocked and call('EXISTS', P .. 'dependents:' .. id) == 1
end

local function each_id(text, visit)
  for i = 1, #(text or ''), 16 do
    visit(string.sub(text, i, i + 15))
  end
end

local function enter(j)
  local s = j.s
  count(j.q, s, 1)
  if s == READY then
    call('ZADD', line_of(j), 0, place_of(j))
    join_ring(j.q, j.g or '')
    touch(j.q)
  elseif s == SCHEDULED then
    call('ZADD', P .. 'scheduled:' .. j.q, j.d, arrival_of(j))
    hint_due(j.q, j.d)
  elseif s == RUNNING then
    call('ZADD', P .. 'leases', j.x, j.i)
    if j.g then
      call('HINCRBY', P .. 'running:' .. j.q, j.g, 1)
    end
  elseif s == BLOCKED then
    anybody_blocked = true
    call('ZADD', P .. 'blocked', 0, j.i)
    call('ZADD', P .. 'blocked:' .. j.q, 0, j.i)
    each_id(j.u, function(on)
      call('ZADD', P .. 'dependents:' .. on, next_number(), j.i)
    end)
  else
    call('ZADD', P .. 'ended:' .. s .. j.q, j.f, j.i)
    if not is_depended_on(j.i) then
      call('ZADD', P .. 'keep', j.E, j.i)
    end
  end
  if j.D and s < RUNNING then
    call('ZADD', P .. 'deadline', j.D, j.i)
  end
  dirty[j] = true
end

local function forget_dependent(on, id)
  call('ZREM', P .. 'dependents:' .. on, id)
  if not is_depended_on(on) then
    local dependency = load(on)
    if dependency and dependency.s > RUNNING and dependency.E then
      call('ZADD', P .. 'keep', dependency.E, on)
    end
  end
end

local function leave(j)
  local s = j.s
  count(j.q, s, -1)
  if s == READY then
    call('ZREM', line_of(j), place_of(j))
  elseif s == SCHEDULED then
    call('ZREM', P .. 'scheduled:' .. j.q, arrival_of(j))
    j.v = nil
  elseif s == RUNNING then
    unleased[#unleased + 1] = j.i
    if j.g and call('HINCRBY', P .. 'running:' .. j.q, j.g, -1) <= 0 then
      call('HDEL', P .. 'running:' .. j.q, j.g)
    end
    j.N, j.j, j.b, j.x, j.S, j.A = nil, nil, nil, nil, nil, nil
    touch(j.q)
  elseif s == BLOCKED then
    call('ZREM', P .. 'blocked', j.i)
    call('ZREM', P .. 'blocked:' .. j.q, j.i)
    each_id(j.u, function(on)
      forget_dependent(on, j.i)
    end)
  else
    call('ZREM', P .. 'ended:' .. s .. j.q, j.i)
    call('ZREM', P .. 'keep', j.i)
  end
  if j.D and s < RUNNING then
    call('ZREM', P .. 'deadline', j.i)
  end
end

local function become_ready(j)
  j.s, j.d = READY, now
  if not (j.l and j.o) then
    j.o = next_number()
  end
end

-- Lets the job wait for an instant; between leave and enter.
local function await(j, due)
  if due > now then
    j.s, j.d, j.v = SCHEDULED, due, next_number()
  else
    become_ready(j)
  end
end

-- Deletes everything that is stored of a job which no structure finds any more.
local function erase(j, from)
  erased_keys[#erased_keys + 1] = P .. 'j:' .. j.i
  if j.z then
    call('DEL', P .. 'payload:' .. j.i)
  end
  if j.Y then
    call('DEL', P .. 'result:' .. j.i)
  end
  if j.Z then
    call('DEL', P .. 'history:' .. j.i)
  end
  if j.Q then
    call('DEL', P .. 'notes:' .. j.i, P .. 'log:' .. j.i)
  end
  erased_ids[#erased_ids + 1] = j.i
  loaded[j.i], dirty[j] = false, nil
  record(j, from, 7)
end
