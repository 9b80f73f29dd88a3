/**
 * `takeAt` of rate-limiter.ts in one step and by the clock of Redis, which all replicas share. Keys: the count. Arguments: limit,
 * window in ms, cost. Answers allowed (0/1), remaining, resetMs, retryAfterMs. The key lives until its limit is whole again.
 */
export const TAKE = `
local limit, window, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local unit = window / limit
local before = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = before + cost * unit
local over = after - now - window - unit * 0.0005
local kept = before
if over <= 0 then
  kept = after
  if kept > now then
    redis.call('SET', KEYS[1], string.format('%.3f', kept), 'PX', math.ceil(kept - now))
  end
end
local remaining = math.max(0, math.floor((window - (kept - now)) / unit + 0.0005))
local retry = 0
if over > 0 then retry = math.min(math.max(1, math.ceil(over)), window) end
return {over <= 0 and 1 or 0, remaining, math.ceil(kept - now), retry}
`
