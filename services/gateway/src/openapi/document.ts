import { errorBody, notice, noticePlace } from '@askwire/contracts'
import { z } from 'zod'
import type { RouteDescription, RouteResponse } from '../routes/route.ts'
import { accessOf, FAILURES, failuresOf, SECURITY_SCHEMES } from './security.ts'
import { streamEvent } from './stream-event.ts'
import { tagsOf } from './tags.ts'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document of the given routes, generated from the same zod schemas that parse and answer them. */
export function openApiDocument(specs: readonly RouteDescription[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const spec of specs) {
    const path = spec.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method.toLowerCase()]: operation(spec) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Askwire',
      version,
      description:
        'Ask questions over your own knowledge; answers arrive as a stream of events that can be resumed anywhere.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: tagsOf(specs),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      responses: FAILURES,
      schemas: {
        Error: jsonSchema(errorBody, 'output'),
        StreamEvent: jsonSchema(streamEvent, 'output'),
        Notice: jsonSchema(z.union([notice, noticePlace]), 'output'),
      },
    },
  }
}

function operation(spec: RouteDescription): Json {
  const parameters = [
    ...parametersOf(spec.params, 'path'),
    ...parametersOf(spec.query, 'query'),
    ...parametersOf(spec.headers, 'header'),
  ]
  const content =
    (spec.body && { 'application/json': { schema: jsonSchema(spec.body, 'input') } }) ??
    (spec.upload && Object.fromEntries(spec.upload.map((type) => [type, { schema: UPLOAD }])))
  const responses = Object.fromEntries(
    Object.entries(spec.responses).map(([status, response]) => [status, responseOf(response)]),
  )
  return {
    operationId: operationId(spec),
    summary: spec.summary,
    tags: [spec.tag],
    ...accessOf(spec.access),
    ...(parameters.length > 0 && { parameters }),
    ...(content && { requestBody: { required: true, content } }),
    responses: { ...failuresOf(spec), ...responses },
  }
}

function operationId(spec: RouteDescription): string {
  const words = spec.url.split(/[/:.-]+/).filter((word) => word !== '' && word !== 'api')
  return [spec.method.toLowerCase(), ...words]
    .map((word, at) => (at === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('')
}

/** OpenAPI 3.1 has no word for the items of a stream; the schema of the content is that of each event's data. */
function eventStream(name: 'StreamEvent' | 'Notice'): Json {
  const reference = `#/components/schemas/${name}`
  return {
    schema: {
      type: 'string',
      contentMediaType: 'text/event-stream',
      contentSchema: { $ref: reference },
      description: `Server-sent events; the \`data\` of each is a \`${reference}\`.`,
    },
  }
}

/** A file as the body itself. */
const UPLOAD = { type: 'string', format: 'binary' }

/** Only JSON has a form; what comes as anything else is a text or a file. */
function responseOf({ description, schema, contentType, stream }: RouteResponse): Json {
  const types = [contentType ?? (schema ? 'application/json' : [])].flat()
  const schemaOf = (type: string): Json =>
    schema && type === 'application/json' ? jsonSchema(schema, 'output') : { type: 'string' }
  const content = {
    ...(stream && { 'text/event-stream': eventStream(stream === 'notices' ? 'Notice' : 'StreamEvent') }),
    ...Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }])),
  }
  return { description, ...(Object.keys(content).length > 0 && { content }) }
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query' | 'header'): Json[] {
  if (!schema) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property
    return {
      name,
      in: place,
      required: place === 'path' || required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    }
  })
}

/** What is answered may gain fields in a later version, so its schema does not forbid them; what is asked may not. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
    },
  }) as Json
  return rest
}
