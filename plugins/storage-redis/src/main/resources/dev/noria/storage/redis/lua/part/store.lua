-- Jobs as bytes. Those whose ids begin with the same five bytes, for ids of one quarter of a second,
-- are kept in one hash, and all hashes are listed in the order of ids: so that ids need no index.
-- A body is: place (6 bytes), state or LISTED, traits, attempt (4), epoch (4); of a running job
-- nonce (8), begun (6), expires (6); length and name of the queue; of a running job length (2) and
-- name of its owner; then a map of everything else.
-- A job that was leased unread keeps the body with which it waited. What its body would begin with is
-- in a hash of such leases, and who reads the job puts it there.
local LISTED = 8
local SIMPLE_END, SIMPLE_START = 1, 2
local RUN = 1000

-- Visits neighbours of one hash: its key, the first and the last index, the name of the hash.
local function each_run(list, stride, visit)
  local from, size, sub = 1, #list, string.sub
  while from <= size do
    local name, to = sub(list[from], 1, 5), from
    local last = math.min(from + (RUN - 1) * stride, size - stride + 1)
    while to < last and sub(list[to + stride], 1, 5) == name do
      to = to + stride
    end
    visit(P .. 'j:' .. name, from, to, name)
    from = to + stride
  end
end

-- The values of many fields of a hash; false where there is none.
local function read_fields(key, fields)
  local values = {}
  for from = 1, #fields, RUN do
    local some = call('HMGET', key, unpack(fields, from, math.min(from + RUN - 1, #fields)))
    if #fields <= RUN then
      return some
    end
    for n = 1, #some do
      values[from + n - 1] = some[n]
    end
  end
  return values
end

-- The bodies of these ids; false where there is none.
local function fetch(ids)
  local bodies = {}
  each_run(ids, 1, function(key, from, to)
    local some = call('HMGET', key, unpack(ids, from, to))
    if from == 1 then
      bodies = some
    else
      for n = 1, #some do
        bodies[from + n - 1] = some[n]
      end
    end
  end)
  return bodies
end

-- The body of a job, with its lease where it has one apart.
local function with_lease(body, lease)
  if not body or not lease or string.byte(body, 7) ~= LISTED then
    return body
  end
  return string.sub(body, 1, 6) .. string.sub(lease, 7)
    .. string.sub(body, 18 + string.byte(body, 17))
end

-- The bodies with their leases, and for whom leases were found.
local function fetch_all(ids)
  local found, leased = fetch(ids), {}
  for n, lease in ipairs(read_fields(P .. 'leased', ids)) do
    if lease then
      found[n], leased[ids[n]] = with_lease(found[n], lease), true
    end
  end
  return found, leased
end

-- Writes {id, body, …}.
local function put(flat, are_new)
  each_run(flat, 2, function(key, from, to, name)
    call('HSET', key, unpack(flat, from, to + 1))
    if are_new then
      call('ZADD', P .. 'buckets', 0, name)
    end
  end)
end

local function drop(ids)
  each_run(ids, 1, function(key, from, to, name)
    call('HDEL', key, unpack(ids, from, to))
    if call('EXISTS', key) == 0 then
      call('ZREM', P .. 'buckets', name)
    end
  end)
end

-- The places of jobs that wait in a list grow from one entry to the next. Whether a new place of
-- this instant may follow those that are there; by a clock that is behind it may not.
local function may_follow(name, due)
  local tail = call('HGET', P .. 'tails', name)
  return not tail or due >= tonumber(tail) or call('EXISTS', P .. 'fifo:' .. name) == 0
end

-- Puts ids with new places of this instant at the end of a list.
local function follow(name, ids, due)
  many('RPUSH', P .. 'fifo:' .. name, ids)
  call('HSET', P .. 'tails', name, string.format('%.0f', due))
end
