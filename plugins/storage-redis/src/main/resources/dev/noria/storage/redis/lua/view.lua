-- needs: base hints store job
-- keys: the prefix of the namespace
-- args: what: queues; or oldest with queue
-- reply: {count fields, names with policies, paused names}; or the instant or false
local LIFO = 0

-- The earliest due instant of one line. Within a priority the first in, first out ones are in the
-- order of their instants; last in, first out ones are in another order and all looked at.
local function oldest_in(line, oldest)
  local first = call('ZRANGE', line, 0, 0)[1]
  while first do
    local class = string.sub(first, 1, 2)
    local urgency, kind = struct.unpack('BB', class)
    if kind == LIFO then
      for _, member in ipairs(call('ZRANGEBYLEX', line, '[' .. class,
          '(' .. struct.pack('BB', urgency, 1))) do
        local j = load(string.sub(member, 15))
        if j and not bad[j] and (not oldest or j.d < oldest) then
          oldest = j.d
        end
      end
    else
      local due = struct.unpack('>I6', string.sub(first, 3, 8))
      oldest = oldest and math.min(oldest, due) or due
    end
    local after = kind == LIFO and struct.pack('BB', urgency, 1) or struct.pack('BB', urgency + 1, 0)
    first = call('ZRANGEBYLEX', line, '[' .. after, '+', 'LIMIT', 0, 1)[1]
  end
  return oldest
end

-- The instant of the first job of a list.
local function oldest_listed(list, oldest)
  for from = 0, call('LLEN', list) - 1, RUN do
    local ids = call('LRANGE', list, from, from + RUN - 1)
    load_all(ids)
    for _, id in ipairs(ids) do
      local j = load(id)
      if j and j.L then
        return oldest and math.min(oldest, j.d) or j.d
      end
    end
  end
  return oldest
end

if A.what == 'queues' then
  return encode({
    call('HKEYS', P .. 'count'), call('SMEMBERS', P .. 'policies'), call('SMEMBERS', P .. 'paused')
  })
end
local oldest = nil
for _, group in ipairs(call('ZRANGE', P .. 'ring:' .. A.queue, 0, -1)) do
  local name = A.queue .. '\0' .. group
  oldest = oldest_listed(P .. 'fifo:' .. name, oldest_in(P .. 'line:' .. name, oldest))
end
return encode({oldest or false})
