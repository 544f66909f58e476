-- needs: base
-- keys: the prefix of the namespace
-- args: after (a number) or false, limit
-- reply: {events {number, packed, …}, the number before the first one kept}
local last = tonumber(call('HGET', P .. 'meta', 'event') or '0')
local first = call('XRANGE', P .. 'events', '-', '+', 'COUNT', 1)[1]
local before = last
if first then
  before = tonumber(string.match(first[1], '^%d+')) - 1
end
-- A cursor from before the counter was lost tells of a gap: it reads what there is.
local after, found = A.after or before, {}
if after > last then
  after, before = before, after + 1
end
local page = call('XRANGE', P .. 'events', string.format('%.0f', after + 1) .. '-0', '+',
  'COUNT', A.limit)
for n, entry in ipairs(page) do
  found[2 * n - 1] = tonumber(string.match(entry[1], '^%d+'))
  found[2 * n] = entry[2][2]
end
return encode({found, before})
