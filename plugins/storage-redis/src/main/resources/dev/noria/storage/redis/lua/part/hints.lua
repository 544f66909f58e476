-- Who sleeps and who is told what, once the unit is over (S1.7, S2.7, S3.8).
local touched, dues, news = {}, {}, {}
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

-- Wakes those who sleep on a queue, whatever is there.
local function wake(queue)
  if call('SREM', P .. 'sleepers', queue) == 1 then
    news[#news + 1] = {'w', queue, false}
  end
end

-- Decides who is woken by what the unit has done so far.
local function settle_hints()
  for queue in pairs(touched) do
    if call('SISMEMBER', P .. 'sleepers', queue) == 1 and count_of(queue, READY) > 0
        and not is_paused(queue) then
      wake(queue)
    end
  end
  for queue, due in pairs(dues) do
    if call('SISMEMBER', P .. 'sleepers', queue) == 1 and not is_paused(queue) then
      news[#news + 1] = {'w', queue, due}
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
