-- needs: base
-- keys: the prefix of the namespace
-- args: ids, or after and limit for a page in the order of ids; payload, result, history, notes
-- reply: a list of {id, packed, payload or false, result or false, history or false, progress or
--   false, log lines, steps {name, value, …}}
local ids = A.ids or call('ZRANGEBYLEX', P .. 'ids', A.after and '(' .. A.after or '-', '+',
  'LIMIT', 0, A.limit)
local found = {}

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

for _, id in ipairs(ids) do
  local raw = call('GET', P .. 'j:' .. id)
  if raw then
    local entry = {id, raw, false, false, false, false, {}, {}}
    if A.payload or A.result or A.history or A.notes then
      local fine, j = pcall(decode, raw)
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
  elseif not A.ids then
    found[#found + 1] = {id, false}
  end
end
return encode(found)
