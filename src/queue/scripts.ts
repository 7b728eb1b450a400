/** The Lua scripts that Redis runs, each as one step that nothing interrupts. All times are Redis's own. */

/** As `limits/bucket.ts`: what may be sent at one instant, in ms of the rate. */
const BURST_MS = 50;
/**
 * What a late poll may catch up, in ms of the rate. It is more than on one machine: a poll crosses the network, and waits for the
 * disk of Redis. Together with the burst it stays far below the second that endpoints count in.
 */
const CATCH_UP_MS = 250;
/** An idle quota is forgotten after this time: a full bucket says nothing. */
const QUOTA_TTL_MS = 600_000;

/**
 * Takes requests from a quota. KEYS: the quota. ARGV: requests and tokens per millisecond (0 = no limit), tokens that earlier
 * requests did not use, and the tokens of each request that waits, in order. Returns how many of them may be sent now, and the
 * milliseconds until the next one.
 */
export const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local quota = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at', 'pausedUntil')
local at = tonumber(quota[3]) or now
local function filled(level, rate)
  local burst = math.max(1, rate * ${BURST_MS})
  level = tonumber(level) or burst
  local full = burst + rate * ${CATCH_UP_MS}
  if now > at and level < full then level = math.min(full, level + rate * (now - at)) end
  return level, burst
end
local rate, tokenRate = tonumber(ARGV[1]), tonumber(ARGV[2])
local requests = filled(quota[1], rate)
local tokens, tokenBurst = filled(quota[2], tokenRate)
tokens = tokens + tonumber(ARGV[3])
local granted, wait = 0, math.max(0, (tonumber(quota[4]) or 0) - now)
for index = 4, #ARGV do
  if wait > 0 then break end
  local cost = tonumber(ARGV[index])
  if rate > 0 then wait = math.max(wait, (1 - requests) / rate) end
  if tokenRate > 0 then wait = math.max(wait, (math.min(cost, tokenBurst) - tokens) / tokenRate) end
  if wait < 0.001 then
    wait = 0
    requests, tokens, granted = requests - 1, tokens - cost, granted + 1
  end
end
redis.call('HSET', KEYS[1], 'requests', tostring(requests), 'tokens', tostring(tokens), 'at', tostring(math.max(at, now)))
redis.call('PEXPIRE', KEYS[1], ${QUOTA_TTL_MS})
return { granted, tostring(wait) }
`;

/** Pauses a quota for ARGV[1] milliseconds from now. It starts again with one request, not with a burst. */
export const PAUSE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local until_ = math.max(now + tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'pausedUntil') or 0))
local level = math.min(1, tonumber(redis.call('HGET', KEYS[1], 'requests') or 1))
redis.call('HSET', KEYS[1], 'pausedUntil', tostring(until_), 'at', tostring(until_), 'requests', tostring(level))
redis.call('PEXPIRE', KEYS[1], ${QUOTA_TTL_MS})
return 1
`;

/**
 * Reserves ARGV[1] USD of ARGV[2]. KEYS: the ledger. Returns 1 when they are reserved, 0 when they fit in no case, and -1 when
 * they may fit once other cells have returned a part of theirs.
 */
export const RESERVE = `
local spent = tonumber(redis.call('HGET', KEYS[1], 'spent') or 0)
local reserved = tonumber(redis.call('HGET', KEYS[1], 'reserved') or 0)
local usd, most = tonumber(ARGV[1]), tonumber(ARGV[2])
if spent + reserved + usd <= most * (1 + 1e-12) then
  redis.call('HSET', KEYS[1], 'reserved', tostring(reserved + usd))
  return 1
end
if spent + usd > most or reserved < 1e-9 then return 0 end
return -1
`;

/** Replaces a reservation of ARGV[1] USD by the ARGV[2] USD that were spent. */
export const SETTLE = `
local reserved = tonumber(redis.call('HGET', KEYS[1], 'reserved') or 0)
local spent = tonumber(redis.call('HGET', KEYS[1], 'spent') or 0)
redis.call('HSET', KEYS[1], 'reserved', tostring(math.max(0, reserved - ARGV[1])), 'spent', tostring(spent + ARGV[2]))
return 1
`;

/**
 * Adds a result to the stream, and its row to the finished ones of its chunk. KEYS: the stream, and the set of the chunk, if
 * there is one. ARGV: the line, the sounds, the row. It is one command, which the client sends again when the connection was lost
 * in between; it gives up a transaction then.
 */
export const SEND = `
redis.call('XADD', KEYS[1], '*', 'line', ARGV[1], 'sounds', ARGV[2])
if KEYS[2] then redis.call('SADD', KEYS[2], ARGV[3]) end
return 1
`;
