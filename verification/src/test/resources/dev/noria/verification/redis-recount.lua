-- Recounts every side structure of a namespace from its jobs, and says what differs.
-- keys: the prefix of the namespace
-- reply: what is wrong, in words; nothing when all structures agree
local P = KEYS[1]
local BLOCKED, SCHEDULED, READY, RUNNING, COMPLETED = 0, 1, 2, 3, 4
local LISTED, LAST = 8, 281474976710655
local faults, jobs, expected, optional = {}, {}, {}, {}

local function fault(text, name)
  if #faults < 50 then
    faults[#faults + 1] = text .. ' ' .. (string.gsub(name or '', '[^%w:{}_ .-]', function(c)
      return string.format('<%02x>', string.byte(c))
    end))
  end
end

local function expect(into, key, member, value)
  into[key] = into[key] or {}
  into[key][member] = value or true
end

local function each_id(text, visit)
  for i = 1, #(text or ''), 16 do
    visit(string.sub(text, i, i + 15))
  end
end

local counts, running, depended, groups = {}, {}, {}, {}

local function add(to, name)
  to[name] = (to[name] or 0) + 1
end

local function wait(id, j)
  if j.L then
    expect(expected, 'fifo:' .. j.q .. '\0' .. (j.g or ''), id)
    expect(groups, j.q, j.g or '')
  elseif j.s == READY then
    local urgency = 100 - (j.p or 0)
    local place = j.l and struct.pack('>BBI6I6', urgency, 0, 0, LAST - j.o)
      or struct.pack('>BBI6I6', urgency, 1, j.d, j.o)
    expect(expected, 'line:' .. j.q .. '\0' .. (j.g or ''), place .. id)
    expect(groups, j.q, j.g or '')
  elseif j.s == SCHEDULED then
    expect(expected, 'scheduled:' .. j.q, struct.pack('>I6', j.v) .. id, j.d)
  elseif j.s == BLOCKED then
    expect(expected, 'blocked', id)
    expect(expected, 'blocked:' .. j.q, id)
    each_id(j.u, function(on)
      expect(expected, 'dependents:' .. on, id)
      depended[on] = true
    end)
  end
  if j.D then
    expect(expected, 'deadline', id, j.D)
  end
end

local function derive(id, j)
  add(counts, j.s .. j.q)
  if j.s < RUNNING then
    wait(id, j)
  elseif j.s == RUNNING then
    expect(expected, 'leases', id, j.x)
    if j.g then
      running[j.q] = running[j.q] or {}
      add(running[j.q], j.g)
    end
  else
    expect(expected, 'ended:' .. j.s .. j.q, id, j.f)
  end
end

-- What a body means; of a running job also its lease.
local function read_body(raw)
  local place, state, _, _, _, at = struct.unpack('>I6BBI4I4', raw)
  local expires, queue
  if state == RUNNING then
    _, _, expires, at = struct.unpack('>c8I6I6', raw, at)
  end
  queue, at = struct.unpack('>Bc0', raw, at)
  if state == RUNNING then
    _, at = struct.unpack('>I2c0', raw, at)
  end
  local j = cmsgpack.unpack(string.sub(raw, at))
  j.s, j.L, j.q, j.o, j.x = state == LISTED and READY or state, state == LISTED, queue, place, expires
  return j
end

-- The lease of a job that was leased unread is apart, in place of what its body begins with.
local function with_lease(id, body)
  local lease = redis.call('HGET', P .. 'leased', id)
  if not lease then
    return body
  end
  if string.byte(body, 7) ~= LISTED then
    fault('a lease that is apart, of a job that does not wait in a list:', id)
    return body
  end
  return string.sub(body, 1, 6) .. string.sub(lease, 7) .. string.sub(body, 18 + string.byte(body, 17))
end

local buckets = {}

local function load_from(name)
  local all = redis.call('HGETALL', P .. 'j:' .. name)
  buckets[name] = true
  if #all == 0 then
    fault('a name without a hash of jobs:', name)
  end
  for i = 1, #all, 2 do
    local id = all[i]
    local fine, j = pcall(read_body, with_lease(id, all[i + 1]))
    if string.sub(id, 1, 5) ~= name then
      fault('a job in the hash of others:', id)
    elseif not fine or not j.t then
      fault('a job that can not be read:', id)
    else
      jobs[id] = j
      derive(id, j)
    end
  end
end

local function load()
  for _, name in ipairs(redis.call('ZRANGE', P .. 'buckets', 0, -1)) do
    load_from(name)
  end
  for _, id in ipairs(redis.call('HKEYS', P .. 'leased')) do
    if not jobs[id] then
      fault('a lease that is apart, without its job:', id)
    end
  end
  -- No job: it keeps the server from storing the leases as a flat list.
  expect(optional, 'leases', string.rep('-', 65))
  for id, j in pairs(jobs) do
    if j.s > RUNNING then
      expect(depended[id] and optional or expected, 'keep', id, j.E)
    end
  end
end

-- A list: every job that says so stands in it once. Entries that count no more may remain.
local function check_list(name)
  local wanted, seen = expected[name] or {}, {}
  for _, id in ipairs(redis.call('LRANGE', P .. name, 0, -1)) do
    if wanted[id] and seen[id] then
      fault('a job stands twice in ' .. name .. ':', id)
    end
    seen[id] = true
  end
  for id in pairs(wanted) do
    if not seen[id] then
      fault('an entry is missing in ' .. name .. ':', id)
    end
  end
  expected[name] = nil
end

-- A sorted set against what it should hold; other members are faults unless they are optional.
local function check_set(name)
  local wanted, may = expected[name] or {}, optional[name] or {}
  local members = redis.call('ZRANGE', P .. name, 0, -1, 'WITHSCORES')
  local seen = {}
  for i = 1, #members, 2 do
    local score = wanted[members[i]] or may[members[i]]
    seen[members[i]] = true
    if not score then
      fault('an entry too many in ' .. name .. ':', members[i])
    elseif score ~= true and score ~= tonumber(members[i + 1]) then
      fault('an entry at another instant in ' .. name .. ':', members[i])
    end
  end
  for member in pairs(wanted) do
    if not seen[member] then
      fault('an entry is missing in ' .. name .. ':', member)
    end
  end
  expected[name] = nil
end

local function check_numbers(name, wanted)
  local found = redis.call('HGETALL', P .. name)
  for i = 1, #found, 2 do
    local right = wanted[found[i]] or 0
    if tonumber(found[i + 1]) ~= right then
      fault(name .. ' says ' .. found[i + 1] .. ', counted are ' .. right .. ':', found[i])
    end
    wanted[found[i]] = nil
  end
  for field, number in pairs(wanted) do
    fault(name .. ' says nothing, counted are ' .. number .. ':', field)
  end
end

local function check_ring(queue)
  for group in pairs(groups[queue]) do
    if not redis.call('ZSCORE', P .. 'ring:' .. queue, group) then
      fault('a group with work is not in the ring of ' .. queue .. ':', group)
    end
  end
end

-- Whether a job may hold its key: until it starts, ends, or is gone; a window outlives its job.
local function check_keys()
  local entries = redis.call('HGETALL', P .. 'keys')
  for i = 1, #entries, 2 do
    local step = tonumber(string.sub(entries[i + 1], 17, 17))
    local j = jobs[string.sub(entries[i + 1], 1, 16)]
    if step < 3 and (not j or (step == 0 and j.s >= RUNNING) or (step == 1 and j.s > RUNNING)) then
      fault('a key that nobody holds any more:', entries[i])
    end
  end
end

local PARTS = {['payload:'] = 'z', ['result:'] = 'Y', ['history:'] = 'Z',
  ['notes:'] = 'Q', ['log:'] = 'Q'}
local SETS = {'line:', 'scheduled:', 'ended:', 'dependents:', 'leases', 'blocked', 'blocked:',
  'deadline', 'keep'}
local REST = {'buckets', 'leased', 'tails', 'ring:', 'running:', 'turn', 'unsettled', 'settling', 'keys', 'keyends', 'count', 'policy:',
  'policies', 'paused', 'tokens:', 'registers', 'registernames', 'registerends',
  'registerversions', 'reply:', 'events', 'meta', 'sequence', 'sleepers:', 'watch'}

local function starts(name, list)
  for _, start in ipairs(list) do
    if name == start or (string.sub(start, -1) == ':' and string.sub(name, 1, #start) == start) then
      return true
    end
  end
  return false
end

local function check(name)
  for start, flag in pairs(PARTS) do
    if string.sub(name, 1, #start) == start then
      local j = jobs[string.sub(name, #start + 1)]
      if not j or not j[flag] then
        fault('a key without its job:', name)
      end
      return
    end
  end
  if string.sub(name, 1, 2) == 'j:' then
    if not buckets[string.sub(name, 3)] then
      fault('a hash of jobs that nobody names:', name)
    end
  elseif starts(name, SETS) then
    check_set(name)
  elseif string.sub(name, 1, 5) == 'fifo:' then
    check_list(name)
  elseif string.sub(name, 1, 8) == 'running:' then
    check_numbers(name, running[string.sub(name, 9)] or {})
    running[string.sub(name, 9)] = nil
  elseif not starts(name, REST) then
    fault('an unknown key:', name)
  end
end

load()
for _, key in ipairs(redis.call('KEYS', P .. '*')) do
  check(string.sub(key, #P + 1))
end
for name in pairs(expected) do
  fault('a structure is missing:', name)
end
for queue in pairs(running) do
  fault('nothing counts the running groups of:', queue)
end
for queue in pairs(groups) do
  check_ring(queue)
end
check_numbers('count', counts)
check_keys()
return faults
