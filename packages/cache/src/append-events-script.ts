/**
 * Appends the events of one attempt in one round trip. KEYS: the stream. ARGV: retention in ms, length bound, the id before
 * the first one's (empty for the first of an attempt), then id and value of each event, ids strictly rising within one attempt (checked by the caller).
 * Returns 1 (all are in the log), 2 (so they are, but the one before them is not) or 0 (a later attempt has written; nothing
 * was appended).
 *
 * The usual call is one new event, so XADD comes first and the top is read only when XADD refuses. Nothing is written
 * before the last check; after the first write Redis no longer refuses for lack of memory, so it is all or none.
 */
export const APPEND_EVENTS = `
local key, retention, bound, before = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local from = 6
local added = redis.pcall('XADD', key, 'MAXLEN', '~', bound, ARGV[4], 'e', ARGV[5])
if type(added) == 'table' and added.err then
  local top = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
  if not top then return added end
  local topOrdinal, topNumber = string.match(top[1], '^(%d+)-(%d+)$')
  local ordinal, number = string.match(ARGV[4], '^(%d+)-(%d+)$')
  topOrdinal, topNumber, ordinal, number = tonumber(topOrdinal), tonumber(topNumber), tonumber(ordinal), tonumber(number)
  if ordinal > topOrdinal or (ordinal == topOrdinal and number > topNumber) then return added end
  if ordinal ~= topOrdinal or math.floor(number / 1000000) ~= math.floor(topNumber / 1000000) then return 0 end
  while from <= #ARGV and tonumber(string.match(ARGV[from], '-(%d+)$')) <= topNumber do from = from + 2 end
end
for i = from, #ARGV, 2 do
  redis.call('XADD', key, 'MAXLEN', '~', bound, ARGV[i], 'e', ARGV[i + 1])
end
redis.call('PEXPIRE', key, retention)
if before ~= '' and #redis.call('XRANGE', key, before, before) == 0 then return 2 end
return 1
`
