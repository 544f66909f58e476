-- needs: base reply hints store job keys ends enqueue
-- keys: the prefix of the namespace
-- args: now, what (get, put, delete, advance, list), name; expected, value, expires; for advance:
--   client, sequence, jobs; for list: prefix, from, limit
-- reply: an entry {version, expires or false, value} or false; for advance {entry, receipts} or
--   false; for delete whether it was; for list {name, entry, …}
local NAMES, ENDS = P .. 'registernames', P .. 'registerends'

-- The entry, unless it is absent or expired.
local function read(name)
  local stored = call('HGET', P .. 'registers', name)
  local entry = stored and decode(stored)
  if not entry or (entry[2] and entry[2] <= now) then
    return false
  end
  return entry
end

local function is_expected(entry)
  return (entry and entry[1] or 0) == A.expected
end

local function write(expires)
  -- One counter for all names: a version never comes twice, and a name that is gone leaves nothing.
  local entry = {call('HINCRBY', P .. 'meta', 'register', 1), expires or false, A.value}
  call('HSET', P .. 'registers', A.name, encode(entry))
  call('ZADD', NAMES, 0, A.name)
  if expires then
    call('ZADD', ENDS, expires, A.name)
  else
    call('ZREM', ENDS, A.name)
  end
  return entry
end

local function list()
  local found, from = {}, A.from
  while #found < 2 * A.limit do
    local page = call('ZRANGEBYLEX', NAMES, from, '+', 'LIMIT', 0, A.limit)
    for _, name in ipairs(page) do
      if string.sub(name, 1, #A.prefix) ~= A.prefix then
        return found
      end
      local entry = read(name)
      if entry and #found < 2 * A.limit then
        found[#found + 1] = name
        found[#found + 1] = entry
      end
    end
    if #page < A.limit then
      return found
    end
    from = '(' .. page[#page]
  end
  return found
end

local function advance()
  local entry = read(A.name)
  if not is_expected(entry) then
    return encode({false})
  end
  return encode({{write(entry and entry[2]), enqueue(A.jobs)}})
end

if A.what == 'advance' then
  local kept, refusal = repeated('a')
  if kept or refusal then
    return kept or refusal
  end
  local reply = advance()
  commit()
  return keep_reply('a', reply)
end
local entry = A.name and read(A.name)
if A.what == 'get' then
  return encode({entry})
elseif A.what == 'list' then
  return encode(list())
elseif A.what == 'put' then
  return encode({is_expected(entry) and write(A.expires)})
end
local deleted = entry and is_expected(entry)
if deleted then
  call('HDEL', P .. 'registers', A.name)
  call('ZREM', NAMES, A.name)
  call('ZREM', ENDS, A.name)
end
return encode({deleted and true or false})
