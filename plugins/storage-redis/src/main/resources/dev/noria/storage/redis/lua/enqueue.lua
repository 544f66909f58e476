-- needs: base reply hints store; otherwise job keys ends enqueue sent
-- keys: the prefix of the namespace
-- args: now, client, sequence, origin, and jobs; or plain, for jobs that only have to be put at the end of
--   their queues: {id, body without place, …}, with queues {name, how many of the next, …}
-- reply: true for all enqueued, or a list of receipts; then who is woken {queue, due or false, …}
local kept, refusal = repeated('e')
if kept or refusal then
  return kept or refusal
end

-- Whether the jobs are as new and as simple as their sender believes.
local function can_follow(ids)
  if events() > 0 then
    return false
  end
  for i = 1, #A.queues, 2 do
    if not may_follow(A.queues[i] .. '\0', now) then
      return false
    end
  end
  for _, body in ipairs(fetch(ids)) do
    if body then
      return false
    end
  end
  return true
end

local function follow_plain(ids)
  local plain, before = A.plain, take_numbers(#ids)
  for n = 1, #ids do
    plain[2 * n] = struct.pack('>I6', before + n) .. plain[2 * n]
  end
  put(plain, true)
  local from = 1
  for i = 1, #A.queues, 2 do
    local queue, size = A.queues[i], A.queues[i + 1]
    local mine = {}
    for n = from, from + size - 1 do
      mine[#mine + 1] = ids[n]
    end
    from = from + size
    follow(queue .. '\0', mine, now)
    if not call('ZSCORE', P .. 'ring:' .. queue, '') then
      call('ZADD', P .. 'ring:' .. queue, next_number(), '')
    end
    count(queue, READY, size)
    touch(queue)
  end
end

local ids = {}
for n = 1, #(A.plain or {}) / 2 do
  ids[n] = A.plain[2 * n - 1]
end
local receipts = true
if A.plain and can_follow(ids) then
  follow_plain(ids)
else
  receipts = otherwise()
end
commit()
return keep_reply('e', encode(receipts, woken))
