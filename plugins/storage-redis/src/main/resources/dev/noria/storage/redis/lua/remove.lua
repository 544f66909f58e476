-- needs: base hints store job keys ends
-- keys: the prefix of the namespace
-- args: now, queue or false for all, limit, and either ended (states) with older, or waiting, or all
-- reply: how many jobs were deleted
local PAGE = 500
local removed = 0

local function queues()
  if A.queue then
    return {A.queue}
  end
  local names, seen = {}, {}
  for _, field in ipairs(call('HKEYS', P .. 'count')) do
    local name = string.sub(field, 2)
    if not seen[name] then
      seen[name] = true
      names[#names + 1] = name
    end
  end
  return names
end

-- The first ended jobs of one queue and state that may go, as {when, id}.
local function ended_in(queue, state, last, most, found)
  local at, mine = 0, 0
  while mine < most do
    local page = call('ZRANGEBYSCORE', P .. 'ended:' .. state .. queue, '-inf', last, 'WITHSCORES',
      'LIMIT', at, PAGE)
    for i = 1, #page, 2 do
      if mine < most and (A.all or not is_depended_on(page[i])) then
        mine = mine + 1
        found[#found + 1] = {tonumber(page[i + 1]), page[i]}
      end
    end
    if #page < 2 * PAGE then
      return
    end
    at = at + PAGE
  end
end

local function remove(id)
  local j = load(id)
  if j and j.s ~= RUNNING and removed < A.limit then
    delete(j)
    removed = removed + 1
  end
end

local function remove_ended(states, last)
  local found = {}
  for _, queue in ipairs(queues()) do
    for _, state in ipairs(states) do
      ended_in(queue, state, last, A.limit, found)
    end
  end
  table.sort(found, function(a, b)
    return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2])
  end)
  for n = 1, math.min(#found, A.limit) do
    remove(found[n][2])
  end
end

-- Whatever the first entries of a list stand for is not in it afterwards.
local function remove_listed(list)
  if removed >= A.limit then
    return
  end
  local ids = call('LRANGE', list, 0, A.limit - removed - 1)
  load_all(ids)
  for _, id in ipairs(ids) do
    if load(id) and load(id).L then
      remove(id)
    end
  end
  call('LTRIM', list, #ids, -1)
end

local function remove_waiting()
  for _, group in ipairs(call('ZRANGE', P .. 'ring:' .. A.queue, 0, -1)) do
    local line = P .. 'line:' .. A.queue .. '\0' .. group
    for _, member in ipairs(call('ZRANGE', line, 0, A.limit - removed)) do
      remove(string.sub(member, 15))
    end
    remove_listed(P .. 'fifo:' .. A.queue .. '\0' .. group)
  end
  for _, member in ipairs(call('ZRANGE', P .. 'scheduled:' .. A.queue, 0, A.limit - removed)) do
    remove(string.sub(member, 7))
  end
end

-- Whoever waits for others goes first: it would be cancelled with them, and be an ended one then.
local function remove_blocked()
  for _, id in ipairs(call('ZRANGE', P .. 'blocked:' .. A.queue, 0, A.limit - removed)) do
    remove(id)
  end
end

if A.ended then
  remove_ended(A.ended, '(' .. string.format('%.0f', A.older))
else
  if A.all then
    remove_blocked()
  end
  remove_waiting()
  if A.all and removed < A.limit then
    remove_ended({COMPLETED, DEAD, CANCELLED}, '+inf')
  end
end
commit()
return tostring(removed)
