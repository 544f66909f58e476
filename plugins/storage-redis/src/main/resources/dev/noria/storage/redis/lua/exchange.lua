-- needs: base reply hints store plain; otherwise job keys ends enqueue ack policy take
-- keys: the prefix of the namespace
-- args: now, client, sequence, origin; acks, or done, for jobs completed with nothing to keep: {id, epoch
--   and nonce, …}; and of the request: owner, nonce, expires, demands {queue, limit}, total, bytes,
--   park
-- reply: a list, not packed: {receipts, next due or false, ended, paused, seconds, microseconds},
--   then who is woken; ids, bodies, and payloads where they are kept apart. A body that waits is one
--   of a job that is started for the first time.
local others

-- The rest of the script, made when it is needed first.
local function rest()
  others = others or otherwise()
  return others
end

local function acknowledge()
  if A.done and finish_plain(A.done) then
    return string.rep('1', #A.done / 2)
  end
  return rest().acknowledge()
end

local function look(queue, limit)
  if is_paused(queue) then
    paused[#paused + 1] = queue
    local first = first_due(queue)
    if first and first > now then
      due(first)
    end
  elseif others or not take_plain(queue, limit) then
    -- Once it has begun, the rest has changes that are not written yet.
    rest().look(queue, limit)
  end
end

local function park()
  if A.park and #taken < A.total then
    for _, demand in ipairs(A.demands) do
      call('SADD', P .. 'sleepers:' .. demand[1], A.origin)
    end
  end
end

local function answer(receipts, due_then, ended, paused_then)
  local payloads, time = {}, call('TIME')
  for n = 1, others and #taken or 0 do
    bodies[n] = bodies[n] or others.body(taken[n])
    payloads[n] = others.payload(taken[n])
  end
  local head = {receipts, due_then, ended, paused_then, tonumber(time[1]), tonumber(time[2])}
  return {encode(head, woken), taken, bodies, payloads}
end

local kept, refusal = repeated('x')
if refusal then
  return refusal
end
if kept then
  local reply = decode(kept)
  rest().take_again(reply[2])
  park()
  return answer(reply[1], reply[3], reply[4], reply[5])
end
local receipts = acknowledge()
for _, demand in ipairs(A.demands) do
  look(demand[1], demand[2])
end
-- Whoever goes to sleep now has seen all this work: it wakes only the others.
settle_hints()
park()
commit()
local leased = {}
for n = 1, #taken do
  leased[2 * n - 1], leased[2 * n] = taken[n], epochs[n]
end
local ended = others and others.ended or {}
keep_reply('x', encode({receipts, leased, next_due, ended, paused}))
return answer(receipts, next_due, ended, paused)
