import fc from 'fast-check'
import type { Json } from './openapi-kit.ts'

/** Texts that have broken parsers, databases and paths elsewhere. */
const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u202e\u2028\u2029\ufeff',
  "' or 1=1 --",
  '"; drop table users; --',
  '../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%',
  '\r\nset-cookie: a=b',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what must stay as it is
  '${jndi:ldap://x}{{7*7}}',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  'x'.repeat(70_000),
  '🙂'.repeat(3000),
  '2024-13-45T99:99:99Z',
  '-0',
  '1e999',
  'null',
  '[object Object]',
]
const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, Number.MIN_VALUE, 4_294_967_296]
const POLLUTED = JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as unknown

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let at = 0; at < depth; at++) value = at % 2 === 0 ? [value] : { a: value }
  return value
}

/** Anything JSON can hold, the ugly first. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }, POLLUTED, nested(60), nested(3000)),
  fc.constantFrom<unknown>(...TEXTS),
  fc.constantFrom<unknown>(...NUMBERS),
  fc.jsonValue({ maxDepth: 3 }),
)

const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

/** What is really there: ids of anything, and values by the name of the field they stand in. */
export type There = { ids: readonly string[]; named: Readonly<Record<string, unknown>> }

/** Values by a JSON schema, mostly right, and often of what is there. */
export function bySchema(schema: Json, there: There, hostileShare = 1): fc.Arbitrary<unknown> {
  const right = rightBySchema(schema, there, hostileShare)
  return hostileShare === 0
    ? right
    : fc.oneof({ weight: 5, arbitrary: right }, { weight: hostileShare, arbitrary: hostile })
}

function rightBySchema(schema: Json, there: There, share: number): fc.Arbitrary<unknown> {
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (options) return fc.oneof(...options.map((one) => bySchema(one, there, share)))
  if (Array.isArray(schema.enum)) return fc.constantFrom<unknown>(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  switch (schema.type) {
    case 'object':
      return objectBySchema(schema, there, share)
    case 'array':
      return fc.array(bySchema((schema.items ?? {}) as Json, there, share), { maxLength: 4 })
    case 'string':
      return textBySchema(schema, there.ids)
    case 'integer':
    case 'number':
      return fc.integer({ min: Number(schema.minimum ?? -5), max: Math.min(Number(schema.maximum ?? 500), 2 ** 53) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return hostile
  }
}

function objectBySchema(schema: Json, there: There, share: number): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Json>
  const valueFor = ([name, property]: [string, Json]): fc.Arbitrary<unknown> => {
    const any = bySchema(property, there, share)
    return name in there.named
      ? fc.oneof({ weight: 2, arbitrary: fc.constant(there.named[name]) }, { weight: 1, arbitrary: any })
      : any
  }
  const record = Object.fromEntries(Object.entries(properties).map((entry) => [entry[0], valueFor(entry)]))
  const whole = fc.record(record, {
    requiredKeys: ((schema.required ?? []) as string[]).filter((name) => name in record),
  })
  if (share === 0) return whole
  const extra = fc.tuple(whole, fc.constantFrom('__proto__', 'role', 'tenantId', 'x', ''), hostile)
  // Through text, since assigning would set the prototype and not the field.
  const withExtra = extra.map(([value, name, more]): unknown => {
    const text = JSON.stringify(value)
    return JSON.parse(`${text.slice(0, -1)}${text === '{}' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(more)}}`)
  })
  return fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: withExtra })
}

function textBySchema(schema: Json, ids: readonly string[]): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid' && ids.length > 0) return fc.oneof(fc.constantFrom(...ids), fc.uuid())
  if (schema.format === 'email') return fc.emailAddress()
  if (schema.format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString())
  if (schema.pattern === undefined) return fc.string({ minLength: Number(schema.minLength ?? 0), maxLength: 30 })
  return fc.oneof(fc.stringMatching(/^[\w-]{20,60}$/), fc.string({ maxLength: 30 }))
}

const MAX_CHARS_OF_REQUEST = 250

/** What may stand in a path or a query where a value is expected. */
export const textOfRequest = (schema: Json, ids: readonly string[]): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 3, arbitrary: ids.length > 0 ? fc.constantFrom(...ids) : fc.uuid() },
      { weight: 2, arbitrary: bySchema(schema, { ids, named: {} }, 0).map(String) },
      { weight: 2, arbitrary: hostileText },
    )
    // More is refused by Node's parser before there is a request.
    .map((text) => text.slice(0, MAX_CHARS_OF_REQUEST))
