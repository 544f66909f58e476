-- What every script begins with: its arguments, the sequence of the namespace, the counts by
-- state, and what has to be written when the unit is over.
local P = KEYS[1]
local call, encode, decode = redis.call, cmsgpack.pack, cmsgpack.unpack
local A = decode(ARGV[1])
local now = A.now
local BLOCKED, SCHEDULED, READY, RUNNING, COMPLETED, DEAD, CANCELLED = 0, 1, 2, 3, 4, 5, 6
local at_end = {}
-- Lua's stack bounds how many values fit into one command.
local MOST = 4000

-- One command for many values.
local function many(command, key, values)
  for i = 1, #values, MOST do
    call(command, key, unpack(values, i, math.min(i + MOST - 1, #values)))
  end
end

-- The same for a command that takes keys, or keys with values.
local function many_keys(command, values)
  for i = 1, #values, MOST do
    call(command, unpack(values, i, math.min(i + MOST - 1, #values)))
  end
end

local sequence

-- The number before the next ones of the namespace, so many: places, arrivals and turns are made
-- of them.
local function take_numbers(many_of_them)
  local before = sequence or tonumber(call('GET', P .. 'sequence') or '0')
  sequence = before + many_of_them
  return before
end

local function next_number()
  return take_numbers(1) + 1
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

local events_mode

-- Which changes are recorded (C6): 0 none, 1 ends, 2 all.
local function events()
  events_mode = events_mode or tonumber(call('HGET', P .. 'meta', 'events') or '0')
  return events_mode
end
