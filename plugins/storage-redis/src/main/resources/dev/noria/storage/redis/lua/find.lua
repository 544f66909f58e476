-- needs: base store
-- keys: the prefix of the namespace
-- args: ids, payload, result, history, notes
-- reply: a list of {id, packed, payload or false, result or false, history or false, progress or
--   false, log lines, steps {name, value, …}}
local found, bodies = {}, fetch_all(A.ids)

-- The letters of what is kept apart, as far as the body can be read.
local function read_map(raw)
  local state, at = string.byte(raw, 7), 17
  if state == RUNNING then
    at = at + 20
  end
  at = at + 1 + string.byte(raw, at)
  if state == RUNNING then
    at = at + 2 + struct.unpack('>I2', raw, at)
  end
  return decode(string.sub(raw, at))
end

local function notes(entry, id)
  local fields = call('HGETALL', P .. 'notes:' .. id)
  for i = 1, #fields, 2 do
    if fields[i] == 'p' then
      entry[6] = fields[i + 1]
    else
      table.insert(entry[8], string.sub(fields[i], 2))
      table.insert(entry[8], fields[i + 1])
    end
  end
  entry[7] = call('LRANGE', P .. 'log:' .. id, 0, -1)
end

for n, id in ipairs(A.ids) do
  local raw = bodies[n]
  if raw then
    local entry = {id, raw, false, false, false, false, {}, {}}
    if A.payload or A.result or A.history or A.notes then
      local fine, j = pcall(read_map, raw)
      if fine and type(j) == 'table' then
        entry[3] = A.payload and j.z and call('GET', P .. 'payload:' .. id) or false
        entry[4] = A.result and j.Y and call('GET', P .. 'result:' .. id) or false
        entry[5] = A.history and j.Z and call('GET', P .. 'history:' .. id) or false
        if A.notes and j.Q then
          notes(entry, id)
        end
      end
    end
    found[#found + 1] = entry
  end
end
return encode(found)
