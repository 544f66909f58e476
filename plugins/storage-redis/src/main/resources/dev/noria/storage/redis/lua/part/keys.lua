-- Deduplication keys: at most one entry for a queue and a name (S1.4). An entry is the holder's id,
-- until when it holds (0 started, 1 finished, 2 purged, 3 window), and for a window its end.
local WINDOW = 3

-- Who holds a key; nobody when it is free.
local function holder_of(queue, name)
  local hold = call('HGET', P .. 'keys', queue .. '\0' .. name)
  if not hold then
    return nil
  end
  local ends = tonumber(string.sub(hold, 18))
  if ends and ends <= now then
    return nil
  end
  return string.sub(hold, 1, 16), tonumber(string.sub(hold, 17, 17))
end

-- Takes the key of a job if it is free; a window is counted from the enqueue.
local function take_key(j)
  if not j.k or holder_of(j.q, j.k) then
    return
  end
  local field = j.q .. '\0' .. j.k
  if j.K ~= WINDOW then
    call('HSET', P .. 'keys', field, j.i .. j.K)
  elseif j.e + j.W > now then
    call('HSET', P .. 'keys', field, j.i .. j.K .. string.format('%.0f', j.e + j.W))
    call('ZADD', P .. 'keyends', j.e + j.W, field)
  end
end

-- Frees the key of a job that it holds until this step or an earlier one.
local function free_key(j, step)
  if not j.k then
    return
  end
  local field = j.q .. '\0' .. j.k
  local hold = call('HGET', P .. 'keys', field)
  if hold and string.sub(hold, 1, 16) == j.i and tonumber(string.sub(hold, 17, 17)) <= step then
    call('HDEL', P .. 'keys', field)
  end
end
