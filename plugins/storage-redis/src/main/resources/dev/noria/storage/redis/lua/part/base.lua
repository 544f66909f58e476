-- What every script begins with: its arguments, the sequence of the namespace, the counts by
-- state, and what has to be written when the unit is over.
local P = KEYS[1]
local call, encode, decode = redis.call, cmsgpack.pack, cmsgpack.unpack
local A = decode(ARGV[1])
local now = A.now
local BLOCKED, SCHEDULED, READY, RUNNING, COMPLETED, DEAD, CANCELLED = 0, 1, 2, 3, 4, 5, 6
local at_end = {}

-- One command for many values; Lua's stack bounds how many fit.
local function many(command, key, values)
  for i = 1, #values, 1000 do
    call(command, key, unpack(values, i, math.min(i + 999, #values)))
  end
end

-- The same for a command that takes keys, or keys with values.
local function many_keys(command, values)
  for i = 1, #values, 1000 do
    call(command, unpack(values, i, math.min(i + 999, #values)))
  end
end

local sequence

-- The next number of the namespace: places, arrivals and turns are made of it.
local function next_number()
  sequence = (sequence or tonumber(call('GET', P .. 'sequence') or '0')) + 1
  return sequence
end

local deltas = {}

local function count(queue, state, by)
  local field = state .. queue
  deltas[field] = (deltas[field] or 0) + by
end

-- How many jobs of a queue are in a state, with what this unit has done so far.
local function count_of(queue, state)
  local field = state .. queue
  return tonumber(call('HGET', P .. 'count', field) or '0') + (deltas[field] or 0)
end

-- Ends the unit: everything that was collected is written now.
local function commit()
  for i = 1, #at_end do
    at_end[i]()
  end
  if sequence then
    call('SET', P .. 'sequence', sequence)
  end
  for field, delta in pairs(deltas) do
    if delta ~= 0 and call('HINCRBY', P .. 'count', field, delta) == 0 then
      call('HDEL', P .. 'count', field)
    end
  end
end

local paused_queues = {}

local function is_paused(queue)
  if paused_queues[queue] == nil then
    paused_queues[queue] = call('SISMEMBER', P .. 'paused', queue) == 1
  end
  return paused_queues[queue]
end
