-- Policies of queues and the tokens of start rates (S2.5). A group's policy is {weight, most
-- running, permits, per, burst}; without a start rate permits is 0.
local UNLIMITED = {1, 0, 0, 0, 0}
local policies = {}

-- The policy of a queue, read once in a unit: most running jobs, or nothing without a policy.
local function policy_of(queue)
  if policies[queue] == nil then
    local most = call('HGET', P .. 'policy:' .. queue, 'q')
    policies[queue] = most and {most = tonumber(most), groups = {}} or false
  end
  return policies[queue]
end

local function group_policy(queue, group)
  local policy = policy_of(queue)
  if not policy or group == '' then
    return UNLIMITED
  end
  if not policy.groups[group] then
    local key = P .. 'policy:' .. queue
    local found = call('HMGET', key, 'o' .. group, 'g' .. group, 'd')
    local of_tier = not found[1] and found[2] and call('HGET', key, 't' .. found[2])
    policy.groups[group] = decode(found[1] or of_tier or found[3])
  end
  return policy.groups[group]
end

-- The tokens of a group as {level, instant}; a token is worth 'per' and a millisecond 'permits'.
local function bucket_of(queue, group, rate)
  local full = rate[4] * rate[5]
  local stored = call('HGET', P .. 'tokens:' .. queue, group)
  local b = stored and decode(stored)
  if not b or b[3] ~= rate[3] or b[4] ~= rate[4] or b[5] ~= rate[5] then
    return {full, now, rate[3], rate[4], rate[5]}
  end
  if now > b[2] then
    b[1], b[2] = math.min(full, b[1] + (now - b[2]) * rate[3]), now
  end
  return b
end

local function take_token(queue, group, rate)
  local b = bucket_of(queue, group, rate)
  b[1] = math.max(0, b[1] - rate[4])
  call('HSET', P .. 'tokens:' .. queue, group, encode(b))
end
