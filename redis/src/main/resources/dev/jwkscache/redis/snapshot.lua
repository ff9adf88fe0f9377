-- What the instances of a fleet do to the key set of one address, each operation as one atomic step.
--
-- KEYS[1]  the hash of the address. One key holds all of it, so that a cluster can run the script wherever the key lives.
-- ARGV[1]  load, turn, publish, failed or purge
-- ARGV[2]  now in milliseconds since 1970; empty for the clock of Redis, the one clock that all instances share. Only tests
--          pass another.
-- ARGV[3]  the caller's wall clock in milliseconds; empty where it does not matter
-- ARGV[4]  by how many milliseconds the two clocks may differ
-- ARGV[5]  for how many milliseconds the hash outlives the last change to it
-- ARGV[6]  the channel on which changes are announced
-- ARGV[7]  the name of the address in announcements
-- ARGV[8…] what the operation needs; see there
--
-- Numbers are written as text without exponent: Lua's own way of writing a number would round milliseconds.

local key = KEYS[1]
local operation = ARGV[1]
local channel, name = ARGV[6], ARGV[7]

local function number(text)
  return tonumber(text or '') or 0
end

local function text(value)
  return string.format('%.0f', value)
end

local function clock()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local now = tonumber(ARGV[2]) or clock()

-- Refused before anything is done, since an age that is measured by a wrong clock would make old keys young.
local wall = tonumber(ARGV[3])
if wall and math.abs(wall - now) > number(ARGV[4]) then
  return {now, 'clock'}
end

local state = {}
local fields = {
  'generation', 'granted', 'purged', 'turnAt', 'leaseGeneration', 'leaseSince', 'leaseUntil', 'missAt', 'failures',
  'failedAt', 'failUntil', 'quietUntil'
}
for index, value in ipairs(redis.call('HMGET', key, unpack(fields))) do
  state[fields[index]] = number(value)
end

-- A moment that lies ahead was written before the clock was set back, or by somebody else: it counts for nothing, since what
-- is measured from it would never end.
local function past(moment)
  return moment <= now
end

-- All fields in one command: when memory is full, either everything is refused or nothing.
local function keep(changes)
  local arguments = {}
  for field, value in pairs(changes) do
    arguments[#arguments + 1] = field
    arguments[#arguments + 1] = type(value) == 'number' and text(value) or value
  end
  redis.call('HSET', key, unpack(arguments))
  redis.call('PEXPIRE', key, ARGV[5])
end

local function endLease(changes)
  changes.leaseGeneration, changes.leaseSince, changes.leaseUntil = 0, 0, 0
end

local operations = {}

-- ARGV[8]  the greatest length of an entry that is handed over
function operations.load()
  local length = redis.call('HSTRLEN', key, 'entry')
  if length > number(ARGV[8]) then
    return {now, 'long'}
  end
  if length == 0 then
    return {now, 'none'}
  end
  return {now, 'entry', redis.call('HGET', key, 'entry'), state.generation, state.purged}
end

-- ARGV[8]  SCHEDULE, NEED, MISS or MANUAL
-- ARGV[9]  known: the generation that the asker has
-- ARGV[10] lease: for how long the turn lasts
-- ARGV[11] spacing: the least time between turns of that kind
-- ARGV[12] takeover: how long another turn must have lasted for this one to end it
function operations.turn()
  local kind, known = ARGV[8], number(ARGV[9])
  local lease, spacing, takeover = number(ARGV[10]), number(ARGV[11]), number(ARGV[12])
  local manual = kind == 'MANUAL'

  -- Before the pauses: what is kept costs the provider nothing.
  if not manual and state.generation > known then
    return {now, 'newer', state.generation}
  end

  local quiet = past(state.failedAt) and state.quietUntil > now
  local paused = past(state.failedAt) and state.failUntil > now and kind ~= 'MISS' and not manual
  local function failing()
    local till = math.max(quiet and state.quietUntil or 0, paused and state.failUntil or 0)
    return {now, 'failing', state.failures, redis.call('HGET', key, 'failReason') or '', till - now}
  end

  if quiet then
    return failing()
  end
  if not manual then
    local ends = math.min(state.leaseUntil, state.leaseSince + takeover)
    if past(state.leaseSince) and ends > now then
      return {now, 'taken', ends - now}
    end
    if kind == 'MISS' and past(state.missAt) and state.missAt + spacing > now then
      return {now, 'early', state.missAt + spacing - now}
    end
    if paused then
      return failing()
    end
    local due = state.turnAt + spacing
    if kind == 'SCHEDULE' and state.generation > 0 and past(state.turnAt) and due > now then
      return {now, 'early', due - now}
    end
  end

  -- Close to the time: numbers go on growing though everything here is lost, or comes back from an old copy.
  local generation = math.max(now, math.max(state.granted, state.purged, state.generation, known) + 1)
  local changes = {
    granted = generation, leaseGeneration = generation, leaseSince = now, leaseUntil = now + lease
  }
  if kind == 'MISS' then
    changes.missAt = now
  end
  keep(changes)
  return {now, 'granted', generation, state.failures}
end

-- ARGV[8]  generation
-- ARGV[9]  entry: the bytes of the snapshot
function operations.publish()
  local generation = number(ARGV[8])
  local changes = {}
  local turnAt = now
  if state.leaseGeneration == generation then
    turnAt = state.leaseSince
    endLease(changes)
  end

  -- Fencing: whoever was overtaken, or purged, is too late.
  if generation <= state.purged or generation <= state.generation then
    if next(changes) then
      keep(changes)
    end
    return {now, 'late'}
  end

  changes.entry = ARGV[9]
  changes.generation = generation
  changes.granted = math.max(state.granted, generation)
  changes.turnAt = turnAt
  changes.failures, changes.failedAt, changes.failUntil, changes.quietUntil = 0, 0, 0, 0
  keep(changes)
  redis.call('PUBLISH', channel, name)
  return {now, 'kept'}
end

-- ARGV[8]  generation of the turn
-- ARGV[9]  failures in a row
-- ARGV[10] reason: a label
-- ARGV[11] pause before the next attempt
-- ARGV[12] quiet: how long the provider wants to be left alone
function operations.failed()
  if state.leaseGeneration ~= number(ARGV[8]) then
    return {now, 'late'}
  end
  local changes = {
    failures = number(ARGV[9]), failReason = ARGV[10], failedAt = now,
    failUntil = now + number(ARGV[11]), quietUntil = now + number(ARGV[12])
  }
  endLease(changes)
  keep(changes)
  return {now, 'kept'}
end

-- ARGV[8]  generation up to which everything goes
-- ARGV[9]  proof: bytes that show to the other instances who asked for it
function operations.purge()
  local generation = number(ARGV[8])
  local purged = math.max(state.purged, generation)
  -- First: taking away works also when memory is full.
  if state.generation <= purged then
    redis.call('HDEL', key, 'entry', 'generation', 'turnAt')
  end
  local changes = {purged = purged, granted = math.max(state.granted, purged)}
  if generation > state.purged then
    changes.proof = ARGV[9]
  end
  -- What that turn brings may be as old as what was purged.
  if state.leaseGeneration <= purged then
    endLease(changes)
  end
  keep(changes)
  redis.call('PUBLISH', channel, name)
  return {now, 'kept'}
end

return operations[operation]()
