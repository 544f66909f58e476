-- Storing new jobs (S1). A receipt is true, or {1 duplicate, id, state}, {2 replaced, id},
-- {3 rejected, id, reason}.
local REPLACE = 1

local function uuid(id)
  local hex = string.gsub(id, '.', function(c)
    return string.format('%02x', string.byte(c))
  end)
  return string.sub(hex, 1, 8) .. '-' .. string.sub(hex, 9, 12) .. '-' .. string.sub(hex, 13, 16)
    .. '-' .. string.sub(hex, 17, 20) .. '-' .. string.sub(hex, 21)
end

local function first_missing(job, offered)
  for i = 1, #(job.M ~= 1 and job.u or ''), 16 do
    local on = string.sub(job.u, i, i + 15)
    if not offered[on] and not load(on) then
      return on
    end
  end
  return nil
end

-- Those that are left when jobs which wait for nobody in the call are taken away again and again.
local function refuse_circles(open, order, waiters, refused)
  local waits, free = {}, {}
  for _, id in ipairs(order) do
    local open_ones = 0
    each_id(open[id] and open[id].u, function(on)
      open_ones = open_ones + (open[on] and 1 or 0)
    end)
    waits[id] = open_ones
    if open[id] and open_ones == 0 then
      free[#free + 1] = id
    end
  end
  local at = 1
  while free[at] do
    local id = free[at]
    open[id] = nil
    for _, waiter in ipairs(waiters[id] or {}) do
      waits[waiter] = waits[waiter] - 1
      if open[waiter] and waits[waiter] == 0 then
        free[#free + 1] = waiter
      end
    end
    at = at + 1
  end
  for id in pairs(open) do
    refused[id] = 'Its dependencies wait for it in a circle.'
  end
end

-- The jobs of a call whose dependencies can never end, with the reason.
local function refuse(jobs)
  local open, order, waiters, refused = {}, {}, {}, {}
  for _, job in ipairs(jobs) do
    if not open[job.i] and not load(job.i) then
      open[job.i] = job
      order[#order + 1] = job.i
      each_id(job.u, function(on)
        waiters[on] = waiters[on] or {}
        table.insert(waiters[on], job.i)
      end)
    end
  end
  local look, at = {}, 1
  for n, id in ipairs(order) do
    look[n] = id
  end
  while look[at] do
    local job = open[look[at]]
    local missing = job and first_missing(job, open)
    if missing then
      refused[job.i] = 'The dependency ' .. uuid(missing) .. ' does not exist.'
      open[job.i] = nil
      for _, waiter in ipairs(waiters[job.i] or {}) do
        look[#look + 1] = waiter
      end
    end
    at = at + 1
  end
  refuse_circles(open, order, waiters, refused)
  return refused
end

local function replace(holder, job)
  set_payload(holder, job.P)
  holder.B, holder.r = job.B, job.r
end

-- What a job meets whose key is held.
local function conflict(job, id, fresh)
  local young = fresh[id]
  if young then
    if job.O == REPLACE then
      young.P, young.B, young.r = job.P, job.B, job.r
      return {2, id}
    end
    local later = (young.r or now) > now and SCHEDULED or READY
    return {1, id, young.u and BLOCKED or later}
  end
  local holder = load(id)
  if not holder or job.O ~= REPLACE or holder.s > READY then
    return {1, id, holder and holder.s}
  end
  local from = holder.s
  leave(holder)
  replace(holder, job)
  if from == BLOCKED then
    holder.d = job.r or now
  else
    await(holder, job.r or now)
  end
  if from ~= holder.s then
    record(holder, from, holder.s)
  end
  enter(holder)
  return {2, id}
end

local function receive(job, refused, fresh, order)
  if fresh[job.i] then
    return {1, job.i, READY}
  end
  local same = load(job.i)
  if same then
    return {1, job.i, same.s}
  end
  if refused[job.i] then
    return {3, job.i, refused[job.i]}
  end
  local holder = job.k and holder_of(job.q, job.k)
  if holder then
    return conflict(job, holder, fresh)
  end
  job.e = now
  fresh[job.i] = job
  order[#order + 1] = job
  take_key(job)
  return true
end

local function resolve(job, meant)
  local on, open, seen = {}, {}, {}
  each_id(job.u, function(asked)
    local id = meant[asked] or asked
    if id ~= job.i and not seen[id] then
      seen[id] = true
      on[#on + 1] = id
      local dependency = load(id)
      local is_open = dependency and dependency.s ~= COMPLETED
      if not dependency then
        is_open = meant[id] == id
      end
      if is_open then
        open[#open + 1] = id
      end
    end
  end)
  job.u = #on > 0 and table.concat(on) or nil
  job.U = #open > 0 and table.concat(open) or nil
end

-- Stores a new job, blocked or waiting for its turn.
local function place(job, meant)
  if job.u then
    resolve(job, meant)
  end
  if job.U then
    job.s, job.d = BLOCKED, job.r or now
  else
    await(job, job.r or now)
  end
  set_payload(job, job.P)
  loaded[job.i] = job
  enter(job)
  record(job, 7, job.s)
end

-- Whether none of these ids is stored, and none comes twice.
local function are_new(jobs)
  local seen, ids = {}, {}
  for n, job in ipairs(jobs) do
    if seen[job.i] then
      return false
    end
    seen[job.i], ids[n] = true, job.i
  end
  for _, body in ipairs(fetch(ids)) do
    if body then
      return false
    end
  end
  return true
end

-- The list that a new job may be put at the end of, if there is one.
local function list_for(job, lists)
  if job.s ~= READY or job.D or job.l or job.p then
    return false
  end
  local name = line_name(job)
  if lists[name] == nil then
    lists[name] = may_follow(name, now) and {}
    join_ring(job.q, job.g or '')
    touch(job.q)
  end
  return lists[name]
end

-- New jobs without key and dependencies: nothing to decide, written in a few commands.
local function enqueue_new(jobs)
  local receipts, lists, flat = {}, {}, {}
  for n, job in ipairs(jobs) do
    job.e = now
    await(job, job.r or now)
    set_payload(job, job.P)
    local list = list_for(job, lists)
    if list then
      job.L = true
      list[#list + 1] = job.i
      count(job.q, READY, 1)
    else
      enter(job)
      dirty[job] = nil
    end
    flat[2 * n - 1], flat[2 * n] = job.i, packed(job)
    loaded[job.i] = nil
    record(job, 7, job.s)
    receipts[n] = true
  end
  put(flat, true)
  for name, list in pairs(lists) do
    if list then
      follow(name, list, now)
    end
  end
  return receipts
end

-- One receipt per job; a job may depend on another of the same call, before or after it.
local function enqueue(jobs)
  local plain, depending = true, false
  for _, job in ipairs(jobs) do
    plain = plain and not job.k and not job.u
    depending = depending or job.u
  end
  if plain and are_new(jobs) then
    return enqueue_new(jobs)
  end
  local refused = depending and refuse(jobs) or {}
  local receipts, meant, fresh, order = {}, {}, {}, {}
  for n, job in ipairs(jobs) do
    local receipt = receive(job, refused, fresh, order)
    receipts[n] = receipt
    meant[job.i] = meant[job.i] or (receipt == true and job.i or receipt[2])
  end
  for _, job in ipairs(order) do
    place(job, meant)
  end
  if depending then
    for _, job in ipairs(order) do
      if job.s == BLOCKED then
        settle_blocked(job, new_report(1000))
      end
    end
  end
  return receipts
end
