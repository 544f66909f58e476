-- An exchange without special cases: jobs of no group, key or deadline that are started for the
-- first time and completed without anything left to keep. Bodies are compared, never read or written.
-- Whatever else there is, the rest of the script does it; what it shares with that is here.
local taken, bodies, epochs, paused = {}, {}, {}, {}
local next_due, full, bytes = false, false, 0

local function due(instant)
  if not next_due or instant < next_due then
    next_due = instant
  end
end

-- The earliest scheduled job of a queue.
local function first_due(queue)
  local first = call('ZRANGE', P .. 'scheduled:' .. queue, 0, 0, 'WITHSCORES')
  return tonumber(first[2])
end

local function is_watched(ids)
  if call('EXISTS', P .. 'blocked') == 1 then
    local keys = {}
    for n = 1, #ids do
      keys[n] = P .. 'dependents:' .. ids[n]
    end
    for from = 1, #keys, RUN do
      if call('EXISTS', unpack(keys, from, math.min(from + RUN - 1, #keys))) > 0 then
        return true
      end
    end
  end
  if call('EXISTS', P .. 'watch') == 1 then
    for _, watched in ipairs(read_fields(P .. 'watch', ids)) do
      if watched then
        return true
      end
    end
  end
  return false
end

-- Ends completed jobs {id, epoch and nonce, …}, unless one of them is not simple, or not leased so.
local function finish_plain(done)
  if #done == 0 then
    return true
  elseif events() > 0 then
    return false
  end
  local ids, queues, byte, sub = {}, {}, string.byte, string.sub
  for n = 1, #done / 2 do
    ids[n] = done[2 * n - 1]
  end
  local leases = read_fields(P .. 'leased', ids)
  for n = 1, #ids do
    local lease = leases[n]
    if not lease or byte(lease, 8) % 2 == 0 or sub(lease, 13, 24) ~= done[2 * n] then
      return false
    end
    local queue = sub(lease, 38, 37 + byte(lease, 37))
    queues[queue] = (queues[queue] or 0) + 1
  end
  if is_watched(ids) then
    return false
  end
  drop(ids)
  many('HDEL', P .. 'leased', ids)
  many('ZREM', P .. 'leases', ids)
  for queue, ended in pairs(queues) do
    count(queue, RUNNING, -ended)
    touch(queue)
  end
  return true
end

-- What a body has from its state to its queue before the first start, with the lease for it.
local function leases_for(queue)
  local name, leases = string.char(#queue) .. queue, {}
  local owner = A.nonce .. struct.pack('>I6I6', now, A.expires) .. name
    .. struct.pack('>I2', #A.owner) .. A.owner
  for traits = SIMPLE_START, SIMPLE_START + SIMPLE_END do
    leases[struct.pack('>BBI4I4', LISTED, traits, 0, 0) .. name] =
      struct.pack('>I6BBI4I4', 0, RUNNING, traits, 1, 1) .. owner
  end
  return leases, 16 + #name
end

local function start_plain(ids, queue)
  local found, leases, last = fetch(ids), leases_for(queue)
  local leased, ends, size, sub = {}, {}, bytes, string.sub
  for n = 1, #ids do
    local body = found[n]
    local lease = body and leases[sub(body, 7, last)]
    if not lease then
      return false
    end
    size = size + #body
    leased[2 * n - 1], leased[2 * n] = ids[n], lease
    ends[2 * n - 1], ends[2 * n] = A.expires, ids[n]
  end
  if size > A.bytes then
    return false
  end
  bytes = size
  many('HSET', P .. 'leased', leased)
  many('ZADD', P .. 'leases', ends)
  local at = #taken
  for n = 1, #ids do
    taken[at + n], bodies[at + n], epochs[at + n] = ids[n], found[n], 1
  end
  return true
end

-- Takes the first jobs of a queue, unless it has groups, limits, priorities or jobs that are due,
-- or one of the jobs is not simple.
local function take_plain(queue, limit)
  local most, list = math.min(limit, A.total - #taken), P .. 'fifo:' .. queue .. '\0'
  if events() > 0 or call('SISMEMBER', P .. 'policies', queue) == 1 then
    return false
  end
  local groups = call('ZRANGE', P .. 'ring:' .. queue, 0, 1)
  local first = first_due(queue)
  if #groups > 1 or (groups[1] or '') ~= '' or (first and first <= now)
      or call('EXISTS', P .. 'line:' .. queue .. '\0') == 1 then
    return false
  end
  local ids = most > 0 and not full and call('LRANGE', list, 0, most - 1) or {}
  if #ids > 0 then
    if not start_plain(ids, queue) then
      return false
    end
    call('LTRIM', list, #ids, -1)
    count(queue, READY, -#ids)
    count(queue, RUNNING, #ids)
  end
  if first then
    due(first)
  end
  return true
end
