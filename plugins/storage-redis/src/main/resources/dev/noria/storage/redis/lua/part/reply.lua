-- Replies of calls that may be repeated (S0.4): the last one of each client, for a day.
local REPLY_MILLIS = 86400000

-- The stored reply of this very call, or nothing; refuses a call that comes too late.
local function repeated(method)
  local kept = call('GET', P .. 'reply:' .. A.client)
  if not kept then
    return nil
  end
  local last_high, last_low = struct.unpack('>I4I4', kept)
  local high, low = struct.unpack('>I4I4', A.sequence)
  local same = high == last_high and low == last_low
  if same and string.sub(kept, 9, 9) == method then
    return string.sub(kept, 10)
  end
  if same or high < last_high or (high == last_high and low < last_low) then
    return nil, redis.error_reply('NORIACONFLICT the client has made a later call already')
  end
  return nil
end

local function keep_reply(method, reply)
  call('SET', P .. 'reply:' .. A.client, A.sequence .. method .. reply, 'PX', REPLY_MILLIS)
  return reply
end
