-- Weighs one request against every window of every key, and counts it where it fits everywhere, else nowhere. Keys are asked in
-- their order, and those after the first that refuses hear nothing of it.
--
-- KEYS: one for each rule and client. ARGV: the slices of a window, the first and the longest penalty; then for each key
-- its allowance (when an offence is forgiven, then limit and slice of the burst and of each window) and the cost.
-- Answers which key refused or 0, the limit and the rest of the tightest window, and the milliseconds until there is more.
-- A key holds: barred until, offences, the counts of the burst, the counts of each window. Times are milliseconds.
local function numbers(text)
  local all = {}
  for number in string.gmatch(text, '%d+') do
    all[#all + 1] = tonumber(number)
  end
  return all
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local slices, first_penalty, longest_penalty = unpack(numbers(ARGV[1]))

local function forget(counts, slice)
  local kept, used, oldest = {}, 0, math.floor(now / slice) - slices
  for i = 1, #counts, 2 do
    if counts[i] >= oldest then
      kept[#kept + 1] = counts[i]
      kept[#kept + 1] = counts[i + 1]
      used = used + counts[i + 1]
    end
  end
  return kept, used
end

local function leaves(number, slice)
  return (number + slices + 1) * slice
end

local function fits(window, cost)
  local left, at = window.used, now
  for i = 1, #window.counts, 2 do
    if left + math.min(cost, window.limit) <= window.limit then
      break
    end
    left = left - window.counts[i + 1]
    at = leaves(window.counts[i], window.slice)
  end
  return at
end

local function add(window, cost)
  local counts, current = window.counts, math.floor(now / window.slice)
  if #counts > 0 and counts[#counts - 1] >= current then
    counts[#counts] = counts[#counts] + cost
  else
    counts[#counts + 1] = current
    counts[#counts + 1] = cost
  end
  window.used = window.used + cost
end

local function read(key, allowance, cost)
  local held = redis.call('GET', key)
  local state = held and cmsgpack.unpack(held) or {0, 0}
  local record = {key = key, barred = state[1], offences = state[2], forgives = allowance[1], cost = cost, windows = {}}
  for i = 2, #allowance, 2 do
    local counts, used = forget(state[i / 2 + 2] or {}, allowance[i + 1])
    record.windows[i / 2] = {limit = allowance[i], slice = allowance[i + 1], counts = counts, used = used}
  end
  record.burst = table.remove(record.windows, 1)
  return record
end

local function keep(record)
  local state, last = {record.barred, record.offences, record.burst.counts}, leaves(0, record.burst.slice)
  for i, window in ipairs(record.windows) do
    state[i + 3] = window.counts
    last = math.max(last, leaves(0, window.slice))
  end
  last = math.max(last, record.barred - now + record.offences * record.forgives)
  redis.call('SET', record.key, cmsgpack.pack(state), 'PX', last)
end

local function room(record)
  local at = now
  for _, window in ipairs(record.windows) do
    at = math.max(at, fits(window, record.cost))
  end
  return at
end

local function offend(record, free)
  local forgiven = math.max(0, math.floor((now - record.barred) / record.forgives))
  record.offences = math.max(0, record.offences - forgiven) + 1
  local penalty = 0
  if record.offences > 1 then
    penalty = math.min(longest_penalty, first_penalty * 2 ^ math.min(record.offences - 2, 32))
  end
  record.barred = math.max(free, now + penalty)
  keep(record)
end

local function tightest(record, best)
  local spare = math.max(0, record.burst.limit - record.burst.used)
  for _, window in ipairs(record.windows) do
    local remaining = math.max(0, window.limit - window.used) + spare
    if not best or remaining < best.remaining then
      local eases = #window.counts > 0 and leaves(window.counts[1], window.slice) or now
      best = {limit = window.limit + record.burst.limit, remaining = remaining, eases = eases}
    end
  end
  return best
end

local records = {}
for i, key in ipairs(KEYS) do
  local record = read(key, numbers(ARGV[2 * i]), tonumber(ARGV[2 * i + 1]))
  records[i] = record
  if record.barred <= now then
    local free = room(record)
    record.beyond = free > now
    if record.beyond and record.burst.limit > 0 then
      free = math.min(free, fits(record.burst, record.cost))
    end
    if free > now then
      offend(record, free)
    end
  end
  if record.barred > now then
    return {i, tightest(record).limit, 0, record.barred - now}
  end
end
local best
for _, record in ipairs(records) do
  if record.beyond then
    add(record.burst, record.cost)
  end
  for _, window in ipairs(record.windows) do
    add(window, record.cost)
  end
  keep(record)
  best = tightest(record, best)
end
return {0, best.limit, best.remaining, best.eases - now}
