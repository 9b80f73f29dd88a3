import fc from 'fast-check'
import { bySchema, hostile, type There, textOfRequest } from './hostile.ts'
import type { NamedOperation, Parameter } from './openapi-kit.ts'
import { encodePart, type RawRequest } from './raw-request.ts'

/** Bodies that are no JSON, or JSON of the worst kind. */
const RAW_BODIES = [
  '',
  '{',
  'null',
  '[]',
  '"',
  `${'['.repeat(20_000)}`,
  '{"a":1,"a":2}',
  '{"__proto__":{"x":1}}',
  '1e999',
  '\u0000',
]
const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/json\t',
  'text/plain',
  'Application/JSON',
  '',
]

/**
 * Requests to an operation, from right to absurd. Each is about one of `things`, which are really there: what belongs together, by the names
 * of parameters and fields. `carriers` are headers of who may ask.
 */
export function requestsTo(
  operation: NamedOperation,
  things: readonly There[],
  carriers: readonly Record<string, string>[],
): fc.Arbitrary<RawRequest> {
  return fc.constantFrom(...things).chain((there) => requestsAbout(there, operation, carriers))
}

function requestsAbout(
  there: There,
  { method, path, operation }: NamedOperation,
  carriers: readonly Record<string, string>[],
): fc.Arbitrary<RawRequest> {
  const parameters = operation.parameters ?? []
  const placed = (place: Parameter['in']): Parameter[] => parameters.filter((one) => one.in === place)
  const anyValues = fc.tuple(...placed('path').map(({ schema }) => textOfRequest(schema, there.ids)))
  const filledPath = fc.tuple(anyValues, fc.integer({ max: 2, min: 0 })).map(([values, odd]) => {
    const rest = [...values]
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = rest.shift() ?? 'x'
      return encodePart(odd === 0 ? value : String(there.named[name] ?? value))
    })
  })
  return fc
    .record({
      filled: filledPath,
      query: queryOf(placed('query')),
      headers: headersOf(placed('header')),
      carrier: fc.constantFrom(...carriers),
      body: bodyOf(operation.requestBody?.content['application/json']?.schema, there),
    })
    .map(({ filled, query, headers, carrier, body }) => ({
      method,
      path: query === '' ? filled : `${filled}?${query}`,
      headers: { ...headers, ...carrier, ...body.headers },
      body: body.text,
    }))
}

type Body = { text: string | undefined; headers: Record<string, string> }

function bodyOf(schema: Parameter['schema'] | undefined, there: There): fc.Arbitrary<Body> {
  const json = { 'content-type': 'application/json' }
  if (!schema) {
    return fc.oneof(
      { weight: 4, arbitrary: fc.constant({ text: undefined, headers: {} }) },
      { weight: 1, arbitrary: hostile.map((value) => ({ text: JSON.stringify(value), headers: json })) },
    )
  }
  const sent = (share: number): fc.Arbitrary<Body> =>
    bySchema(schema, there, share).map((value) => ({ text: JSON.stringify(value), headers: json }))
  const raw = fc
    .tuple(fc.constantFrom(...RAW_BODIES), fc.constantFrom(...TYPES))
    .map(([text, type]) => ({ text, headers: type === '' ? ({} as Record<string, string>) : { 'content-type': type } }))
  return fc.oneof({ weight: 4, arbitrary: sent(0) }, { weight: 3, arbitrary: sent(1) }, { weight: 1, arbitrary: raw })
}

function queryOf(parameters: readonly Parameter[]): fc.Arbitrary<string> {
  // One of two has some parameters and those right, or none.
  const right = fc.tuple(
    ...parameters.map(({ name, schema, required }) => {
      const value = bySchema(schema, { ids: [], named: {} }, 0).map((one) => [[name, String(one)]])
      return required
        ? value
        : fc.oneof({ weight: 3, arbitrary: fc.constant<string[][]>([]) }, { weight: 1, arbitrary: value })
    }),
  )
  const known = parameters.map(({ name, schema }) =>
    fc
      .option(textOfRequest(schema, []), { nil: undefined })
      .map((value) => (value === undefined ? [] : [[name, value]])),
  )
  const odd = fc.constantFrom(
    [],
    [],
    [],
    [['x', '1']],
    [['__proto__', '1']],
    [
      ['limit', '1'],
      ['limit', '2'],
    ],
    [['a[b]', '']],
  )
  return fc.oneof(right, fc.tuple(...known, odd)).map((parts) =>
    parts
      .flat()
      .map(([name = '', value = '']) => `${encodePart(name)}=${encodePart(value)}`)
      .join('&'),
  )
}

/** Node refuses to send what no header may hold; what is left is odd enough. */
function headersOf(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
  const value = fc.oneof(
    fc.constantFrom('', '1-1000001', '0-0', '99999999999999999999-1', 'x'.repeat(4000), '-1'),
    fc.string({ maxLength: 40 }),
  )
  const sendable = value.map((text) => text.replaceAll(/[^\x20-\x7e]/g, '?').trim())
  const some = parameters.map(({ name }) =>
    fc.option(
      sendable.map((text) => [[name, text]]),
      { nil: [] },
    ),
  )
  return fc.tuple(...some).map((pairs) => Object.fromEntries(pairs.flat()))
}
