/**
 * Appends the events of many sessions in one round trip, each session's events of one attempt. KEYS: the streams. ARGV: retention in
 * ms, length bound; then for each stream the id before the first one's (empty for the first of an attempt), the number of its
 * events, and id and value of each, ids strictly rising within one attempt (checked by the caller).
 * Returns for each stream 1 (all are in the log), 2 (so they are, but the one before them is not), 0 (a later attempt has
 * written; nothing was appended), or the text of the error with which Redis refused; one stream's error is not another's.
 *
 * The usual case is one new event, so XADD comes first and the top is read only when XADD refuses. Nothing is written
 * before the last check; after the first write Redis no longer refuses for lack of memory, so it is all or none.
 */
export const APPEND_EVENTS = `
local retention, bound = ARGV[1], ARGV[2]

local function append(key, before, from, to)
  local added = redis.pcall('XADD', key, 'MAXLEN', '~', bound, ARGV[from], 'e', ARGV[from + 1])
  if type(added) == 'table' and added.err then
    local tops = redis.pcall('XREVRANGE', key, '+', '-', 'COUNT', 1)
    local top = tops[1]
    if not top then return added.err end
    local topOrdinal, topNumber = string.match(top[1], '^(%d+)-(%d+)$')
    local ordinal, number = string.match(ARGV[from], '^(%d+)-(%d+)$')
    topOrdinal, topNumber, ordinal, number = tonumber(topOrdinal), tonumber(topNumber), tonumber(ordinal), tonumber(number)
    if ordinal > topOrdinal or (ordinal == topOrdinal and number > topNumber) then return added.err end
    if ordinal ~= topOrdinal or math.floor(number / 1000000) ~= math.floor(topNumber / 1000000) then return 0 end
    while from <= to and tonumber(string.match(ARGV[from], '-(%d+)$')) <= topNumber do from = from + 2 end
  else
    from = from + 2
  end
  for i = from, to, 2 do
    local more = redis.pcall('XADD', key, 'MAXLEN', '~', bound, ARGV[i], 'e', ARGV[i + 1])
    if type(more) == 'table' and more.err then return more.err end
  end
  redis.call('PEXPIRE', key, retention)
  if before ~= '' and #redis.call('XRANGE', key, before, before) == 0 then return 2 end
  return 1
end

local results, at = {}, 3
for index, key in ipairs(KEYS) do
  local to = at + 1 + 2 * tonumber(ARGV[at + 1])
  results[index] = append(key, ARGV[at], at + 2, to)
  at = to + 1
end
return results
`
