-- needs: base hints store job keys ends enqueue ack
-- keys: the prefix of the namespace
-- args: now, limit
-- reply: {reclaimed, ended, released, purged, healed, more}
local MAX_CRASHES, PAGE, PASSED = 3, 200, 1000
local report = new_report(A.limit)
local healed = 0

local function death(j)
  if not j.A and (j.c or 0) >= MAX_CRASHES then
    return 'POISON'
  end
  if (j.m or 0) > 0 and j.a >= j.m and j.S then
    return j.A and 'ABANDONED' or 'ATTEMPTS'
  end
  return nil
end

local function end_here(j, state, reason)
  finish(j, state, reason, j.H or MONTH)
  note_ended(report, j)
  close_end(j, report)
end

local function reclaim(j)
  if not j.A and ((j.c or 0) == 0 or j.S) then
    j.c = (j.c or 0) + 1
  end
  local reason = death(j)
  if j.C then
    end_here(j, CANCELLED, 'CANCELLED')
  elseif reason then
    end_here(j, DEAD, reason)
  else
    note(report, report.reclaimed, j.i)
    if not j.S then
      j.a = j.a - 1
    end
    wait_again(j, nil, j.A and 'ABANDONED' or nil)
  end
end

-- Does one step for each due entry of an index; says whether the limit was reached before the end.
local function each_due(index, last, step)
  local due = call('ZRANGEBYSCORE', P .. index, '-inf', last, 'LIMIT', 0, A.limit + 1)
  for _, id in ipairs(due) do
    if is_full(report) then
      return true
    end
    local j = load(id)
    if not step(j) then
      call('ZREM', P .. index, id)
    end
  end
  return report.cut
end

local function take_back()
  return each_due('leases', now, function(j)
    if j and j.s == RUNNING then
      if j.x <= now then
        reclaim(j)
      else
        call('ZADD', P .. 'leases', j.x, j.i)
      end
      return true
    end
    return false
  end)
end

local function expire()
  return each_due('deadline', '(' .. string.format('%.0f', now), function(j)
    if j and j.s < RUNNING and j.D and now > j.D then
      end_here(j, DEAD, 'EXPIRED')
      return true
    end
    return false
  end)
end

local function settle_rest()
  for _, id in ipairs(call('ZRANGE', P .. 'unsettled', 0, A.limit)) do
    if is_full(report) then
      return true
    end
    local from, j = call('HGET', P .. 'settling', id), load(id)
    call('ZREM', P .. 'unsettled', id)
    call('HDEL', P .. 'settling', id)
    -- One that is not there any more was deleted.
    if not j or j.s > RUNNING then
      settle(id, j and j.s or nil, report, from or '-inf')
      if report.cut then
        return true
      end
    end
  end
  return false
end

-- Walks through the blocked jobs, some in each call, and finds what was never told.
local function settle_page()
  local from = call('HGET', P .. 'meta', 'blocked_cursor') or ''
  local page = call('ZRANGEBYLEX', P .. 'blocked', from == '' and '-' or '(' .. from, '+',
    'LIMIT', 0, PAGE)
  local last = ''
  for _, id in ipairs(page) do
    if is_full(report) then
      break
    end
    local j = load(id)
    if j and j.s == BLOCKED then
      settle_blocked(j, report)
    else
      call('ZREM', P .. 'blocked', id)
    end
    last = id
  end
  if #page < PAGE and not report.cut then
    last = ''
  end
  if last ~= from then
    call('HSET', P .. 'meta', 'blocked_cursor', last)
  end
  -- What was only looked at is no work that is left; the next call goes on from here.
  if report.n < report.limit then
    report.looks, report.cut = 0, nil
  end
  return report.cut or call('EXISTS', P .. 'unsettled') == 1
end

local function purge()
  return each_due('keep', now, function(j)
    if j and vanish(j) then
      note(report, report.purged, j.i)
      return true
    end
    -- Somebody depends on it: it comes back when nobody does any more.
    return false
  end)
end

local function drop_keys()
  local over = call('ZRANGEBYSCORE', P .. 'keyends', '-inf', now, 'LIMIT', 0, PASSED)
  for _, field in ipairs(over) do
    local hold = call('HGET', P .. 'keys', field)
    local ends = hold and tonumber(string.sub(hold, 18))
    if ends and ends <= now then
      call('HDEL', P .. 'keys', field)
    end
    call('ZREM', P .. 'keyends', field)
  end
  return #over == PASSED
end

local function drop_registers()
  local over = call('ZRANGEBYSCORE', P .. 'registerends', '-inf', now, 'LIMIT', 0, PASSED)
  for _, name in ipairs(over) do
    call('HDEL', P .. 'registers', name)
    call('ZREM', P .. 'registernames', name)
    call('ZREM', P .. 'registerends', name)
  end
  return #over == PASSED
end

local function is_missing(index, member, kind)
  return not call('ZSCORE', P .. (kind or '') .. index, member)
end

local heads = {}

-- The place of the first job of a list, or nothing when the list is empty or begins with entries
-- that count no more.
local function head_of(j)
  local name = line_name(j)
  if heads[name] == nil then
    local ids = call('LRANGE', P .. 'fifo:' .. name, 0, 9)
    heads[name] = #ids == 0 and math.huge or 0
    for _, id in ipairs(ids) do
      local first = load(id)
      if first and first.L then
        heads[name] = first.o
        break
      end
    end
  end
  return heads[name]
end

-- Whether no structure finds the job where it should. An entry of a list has been lost for certain
-- when those behind it have come to its head.
local function is_lost(j)
  if j.L then
    return j.o < head_of(j)
  elseif j.s == READY then
    return is_missing(line_name(j), place_of(j), 'line:')
  elseif j.s == SCHEDULED then
    return is_missing(j.q, arrival_of(j), 'scheduled:')
  elseif j.s == RUNNING then
    return is_missing('leases', j.i)
  elseif j.s == BLOCKED then
    return is_missing('blocked', j.i) or is_missing('blocked:' .. j.q, j.i)
  end
  return is_missing(j.s .. j.q, j.i, 'ended:')
    or (is_missing('keep', j.i) and not is_depended_on(j.i))
end

local function heal(j)
  healed = healed + 1
  count(j.q, j.s, -1)
  if j.s == RUNNING and j.g then
    call('HINCRBY', P .. 'running:' .. j.q, j.g, -1)
  end
  j.L = nil
  enter(j)
end

local function verify_in(name, cursor)
  local page = call('HSCAN', P .. 'j:' .. name, cursor, 'COUNT', PAGE)
  for i = 1, #page[2], 2 do
    local j = load(page[2][i])
    if j and not bad[j] and is_lost(j) then
      heal(j)
    end
  end
  if #page[2] == 0 and page[1] == '0' and cursor == '0' then
    call('ZREM', P .. 'buckets', name)
    healed = healed + 1
  end
  return page[1], #page[2] / 2
end

-- Verifies some jobs against the structures that find them (S5.3), hash after hash.
local function verify()
  local at = call('HMGET', P .. 'meta', 'verify_name', 'verify_cursor')
  local name, cursor = at[1] or '', at[2] or '0'
  local begin = (cursor == '0' and name ~= '') and '(' or '['
  local names = call('ZRANGEBYLEX', P .. 'buckets', name == '' and '-' or begin .. name, '+',
    'LIMIT', 0, PAGE)
  local seen, last = 0, ''
  for _, each in ipairs(names) do
    local from, some = each == name and cursor or '0', 0
    name = each
    cursor, some = verify_in(each, from)
    seen = seen + some
    last = each
    if seen >= PAGE or cursor ~= '0' then
      break
    end
  end
  if last == '' or (cursor == '0' and seen < PAGE and #names < PAGE) then
    name, cursor = '', '0'
  end
  call('HSET', P .. 'meta', 'verify_name', name, 'verify_cursor', cursor)
end

local more = take_back() or expire() or settle_rest() or settle_page() or purge()
more = drop_keys() or more
more = drop_registers() or more
drop_erased()
verify()
commit()
return encode({report.reclaimed, report.ended, report.released, report.purged, healed, more or false})
