import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Loaded into a service before its own code (`--import …/shift-clock.ts?ms=3600000`): what day it is there is wrong by so much, as on a machine
 * whose clock was never set. Timers and `performance.now` go on as they are: they do not follow the wall clock.
 */
const ms = Number(new URL(import.meta.url).searchParams.get('ms'))
if (!Number.isInteger(ms) || ms === 0) throw new Error('by how many milliseconds?')

const RealDate = Date
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + ms] : args, newTarget) as Date,
  apply: () => new RealDate(RealDate.now() + ms).toString(),
  get: (target, name, receiver) =>
    name === 'now' ? () => RealDate.now() + ms : (Reflect.get(target, name, receiver) as unknown),
})

// Ids begin with the millisecond they were made in, which Node reads past `Date`.
const realId = crypto.randomUUIDv7
crypto.randomUUIDv7 = (options) => {
  const [high, low, ...rest] = realId(options).split('-')
  const hex = (Number.parseInt(`${high}${low}`, 16) + ms).toString(16).padStart(12, '0')
  return [hex.slice(0, 8), hex.slice(8), ...rest].join('-') as ReturnType<typeof realId>
}
syncBuiltinESMExports()
