-- Jobs: read, written and kept in step with the structures that find them. A job is a table whose
-- fields have one letter, because they are stored with every job; JobForm.java names them all.
-- Only change and its like move a job: first leave, then new values, then enter.
local loaded, bad, dirty, packed_of = {}, {}, {}, {}
local BIG = 4096
local LAST = 281474976710655

-- What a body means; of a running job also its lease.
local function read_body(raw)
  local o, s, _, a, n, at = struct.unpack('>I6BBI4I4', raw)
  local nonce, begun, expires, queue, owner
  if s == RUNNING then
    nonce, begun, expires, at = struct.unpack('>c8I6I6', raw, at)
  end
  queue, at = struct.unpack('>Bc0', raw, at)
  if s == RUNNING then
    owner, at = struct.unpack('>I2c0', raw, at)
  end
  local j = decode(string.sub(raw, at))
  j.s, j.L, j.q = s == LISTED and READY or s, s == LISTED or nil, queue
  j.o, j.a, j.n = o > 0 and o or nil, a > 0 and a or nil, n > 0 and n or nil
  j.N, j.b, j.x, j.j = nonce, begun, expires, owner
  return j
end

-- Keeps what was read of a job; false for none. One that can not be read looks dead; its bytes are
-- its payload.
local function keep(id, raw)
  local j = false
  if raw then
    local fine, value = pcall(read_body, raw)
    if fine and value.t and value.s <= CANCELLED then
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

-- Jobs whose leases are apart, until they are written again.
local apart = {}

-- Reads many jobs at once, for those who load them one by one next.
local function load_all(ids)
  local missing = {}
  for n = 1, #ids do
    if loaded[ids[n]] == nil then
      missing[#missing + 1] = ids[n]
    end
  end
  local found, leased = fetch_all(missing)
  for n = 1, #missing do
    local id = missing[n]
    apart[id] = leased[id]
    keep(id, found[n])
  end
end

-- The job as stored, or false.
local function load(id)
  if loaded[id] == nil then
    load_all({id})
  end
  return loaded[id]
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

-- What a call has to look at in this job: nothing when it starts for the first time, nothing when
-- it is completed.
local function traits_of(j)
  if j.g or j.k or j.z then
    return 0
  end
  local start = j.D and 0 or SIMPLE_START
  local kept = j.h or j.w or j.Y or j.Z or j.Q
  return start + (kept and 0 or SIMPLE_END)
end

local function packed(j)
  local i, q, s, L, o, a, n = j.i, j.q, j.s, j.L, j.o, j.a, j.n
  local N, b, x, owner = j.N, j.b, j.x, j.j
  local head = struct.pack('>I6BBI4I4', o or 0, L and LISTED or s, traits_of(j), a or 0, n or 0)
  local name, tail = string.char(#q) .. q, ''
  if s == RUNNING then
    head, tail = head .. N .. struct.pack('>I6I6', b, x), struct.pack('>I2', #owner) .. owner
  end
  j.i, j.q, j.s, j.L, j.o, j.a, j.n, j.N, j.b, j.x, j.j = nil
  local rest = encode(j)
  j.i, j.q, j.s, j.L, j.o, j.a, j.n = i, q, s, L, o, a, n
  j.N, j.b, j.x, j.j = N, b, x, owner
  return head .. name .. tail .. rest
end

local erased_keys, erased_ids, unleased = {}, {}, {}

-- Takes the leases that ended out of their index, before others are put into it.
local function drop_leases()
  many('ZREM', P .. 'leases', unleased)
  unleased = {}
end

local function drop_apart(ids)
  local leased = {}
  for _, id in ipairs(ids) do
    if apart[id] then
      leased[#leased + 1] = id
    end
  end
  many('HDEL', P .. 'leased', leased)
end

-- Takes erased jobs out of the store.
local function drop_erased()
  many_keys('DEL', erased_keys)
  drop(erased_ids)
  drop_apart(erased_ids)
  erased_keys, erased_ids = {}, {}
end

at_end[#at_end + 1] = function()
  local by_name, ids = {}, {}
  for j in pairs(dirty) do
    ids[#ids + 1] = j.i
    packed_of[j.i] = packed(j)
    local name = string.sub(j.i, 1, 5)
    local flat = by_name[name] or {}
    by_name[name] = flat
    flat[#flat + 1] = j.i
    flat[#flat + 1] = packed_of[j.i]
  end
  for _, flat in pairs(by_name) do
    put(flat, true)
  end
  drop_apart(ids)
  drop_leases()
  drop_erased()
end

-- Records a change of state for those who read the events (C6); 7 stands for no state.
local function record(j, from, to)
  if events() == 0 or (events() == 1 and (to < COMPLETED or to > CANCELLED)) then
    return
  end
  local number = call('HINCRBY', P .. 'meta', 'event', 1)
  call('XADD', P .. 'events', 'MAXLEN', '=', 10000, number .. '-0',
    'e', encode({j.i, j.q, j.t, from, to, now}))
end

local function line_name(j)
  return j.q .. '\0' .. (j.g or '')
end

-- A line is a list of the usual jobs, and a sorted set of all that can not stand at its end: the
-- line is both, in the order of places.
local function line_of(j)
  return P .. 'line:' .. line_name(j)
end

local function has_work(queue, group)
  local name = queue .. '\0' .. group
  return call('EXISTS', P .. 'line:' .. name, P .. 'fifo:' .. name) > 0
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

-- Jobs with a place that nobody has had before, so behind all others of their priority and instant.
local newly_placed = {}

-- Whether the job may stand at the end of its list. Of a job that left its list from the middle an
-- entry remains there, which has to be told from a later one: it is never put into it again.
local function may_be_listed(j)
  return newly_placed[j] and not j.l and not j.X and (j.p or 0) == 0
    and may_follow(line_name(j), j.d)
end

local function stand_in_line(j)
  if may_be_listed(j) then
    j.L = true
    follow(line_name(j), {j.i}, j.d)
  else
    call('ZADD', line_of(j), 0, place_of(j))
  end
end

local function leave_line(j)
  if j.L then
    j.L, j.X = nil, true
  else
    call('ZREM', line_of(j), place_of(j))
  end
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
    stand_in_line(j)
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
    leave_line(j)
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
    newly_placed[j] = true
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

local KEYS_APART = {z = 'payload:', Y = 'result:', Z = 'history:', Q = 'notes:'}

-- Deletes everything that is stored of a job which no structure finds any more.
local function erase(j, from)
  for letter, name in pairs(KEYS_APART) do
    if j[letter] then
      erased_keys[#erased_keys + 1] = P .. name .. j.i
    end
  end
  if j.Q then
    erased_keys[#erased_keys + 1] = P .. 'log:' .. j.i
  end
  erased_ids[#erased_ids + 1] = j.i
  loaded[j.i], dirty[j] = false, nil
  record(j, from, 7)
end
