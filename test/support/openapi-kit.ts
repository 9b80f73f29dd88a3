import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export type Json = Record<string, unknown>
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Json }
type Response = { $ref?: string; content?: Record<string, { schema: Json }> }
export type Operation = {
  operationId: string
  security: Json[]
  'x-permission'?: string
  'x-token-scopes'?: string[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, Response>
}
export type OpenApi = {
  paths: Record<string, Record<string, Operation>>
  components: { securitySchemes: Json; responses: Record<string, Response>; schemas: Record<string, Json> }
}

/** A documented operation: `name` is `METHOD /path/:param`, as routes are registered. */
export type NamedOperation = { name: string; method: string; path: string; operation: Operation }

/** Every operation of a document. */
export function operationsOf(document: OpenApi): NamedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )
}

export type Seen = { status: number; contentType: string; body: string }

/** Says what is wrong with an answer by the document, or undefined. */
export type CheckAnswer = (operation: Operation, answer: Seen) => string | undefined

/** Holds answers to the document's schemas: the status must be described, and so must the kind of content and its form. */
export function createAnswerChecker(document: OpenApi): CheckAnswer {
  const ajv = new Ajv2020({ strict: false, allErrors: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'doc', ...document })
  const compiled = new Map<unknown, ValidateFunction>()
  const validator = (schema: Json): ValidateFunction => {
    const known = compiled.get(schema)
    if (known) return known
    const made = ajv.compile(absolute(schema))
    compiled.set(schema, made)
    return made
  }
  return (operation, { status, contentType, body }) => {
    const described = operation.responses[status] ?? operation.responses[`${Math.floor(status / 100)}XX`]
    if (!described) return `status ${status} is not described`
    const name = described.$ref?.split('/').at(-1)
    const response = name === undefined ? described : document.components.responses[name]
    const kind = contentType.split(';')[0]?.trim() ?? ''
    if (!response?.content) return body === '' ? undefined : `status ${status} has a body that is not described`
    const content = response.content[kind]
    if (!content) return `status ${status} comes as ${kind || 'nothing'}, which is not described`
    if (kind !== 'application/json') return undefined
    const validate = validator(content.schema)
    if (validate(JSON.parse(body))) return undefined
    return `status ${status}: ${ajv.errorsText(validate.errors)}: ${body.slice(0, 300)}`
  }
}

/** The same schema with its references into the document. */
function absolute(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"doc#/')) as Json
}
