-- Who sleeps and who is told what, once the unit is over (S1.7, S2.7, S3.8).
-- A sleeper of the storage that makes this call hears it from the reply, which is there first.
local touched, dues, news, woken = {}, {}, {}, {}
local anybody_waits

-- A queue may have more work than before.
local function touch(queue)
  touched[queue] = true
end

local function hint_due(queue, due)
  if not dues[queue] or due < dues[queue] then
    dues[queue] = due
  end
end

local function hint_finished(j)
  if not j.w then
    if anybody_waits == nil then
      anybody_waits = call('EXISTS', P .. 'watch') == 1
    end
    if not anybody_waits or call('HEXISTS', P .. 'watch', j.i) == 0 then
      return
    end
  end
  news[#news + 1] = {'f', j.i, j.s}
  call('HDEL', P .. 'watch', j.i)
end

local function sleepers_of(queue)
  return call('SMEMBERS', P .. 'sleepers:' .. queue)
end

local function tell(sleepers, queue, due)
  if #sleepers == 1 and sleepers[1] == A.origin then
    woken[#woken + 1] = queue
    woken[#woken + 1] = due
  else
    news[#news + 1] = {'w', queue, due}
  end
end

-- Wakes those who sleep on a queue, whatever is there.
local function wake(queue)
  local sleepers = sleepers_of(queue)
  if #sleepers > 0 then
    call('DEL', P .. 'sleepers:' .. queue)
    tell(sleepers, queue, false)
  end
end

-- Decides who is woken by what the unit has done so far.
local function settle_hints()
  for queue in pairs(touched) do
    if #sleepers_of(queue) > 0 and count_of(queue, READY) > 0 and not is_paused(queue) then
      wake(queue)
    end
  end
  for queue, due in pairs(dues) do
    local sleepers = sleepers_of(queue)
    if #sleepers > 0 and not is_paused(queue) then
      tell(sleepers, queue, due)
    end
  end
  touched, dues = {}, {}
end

at_end[#at_end + 1] = function()
  settle_hints()
  if #news > 0 then
    call('PUBLISH', P .. 'news', encode(news))
  end
end
