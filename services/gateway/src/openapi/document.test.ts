import { ANSWER_EVENTS } from '@askwire/contracts'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { openApiDocument } from './document.ts'

const body = z.strictObject({ question: z.string() })
const answer = z.object({ text: z.string() })
const route = { method: 'POST', url: '/ask/:id', access: 'chat.ask', summary: 'Ask', tag: 'test' } as const
const document = openApiDocument(
  [{ ...route, body, responses: { 200: { description: 'Both.', schema: answer, stream: true } } }],
  '0.0.0',
)

describe('the OpenAPI document', () => {
  test('a route that may stream says so beside its JSON', () => {
    expect(document).toMatchObject({
      paths: {
        '/ask/{id}': {
          post: { responses: { 200: { content: { 'text/event-stream': {}, 'application/json': {} } } } },
        },
      },
    })
  })

  test('a file that may be JSON or a text has the form of the JSON alone', () => {
    const responses = {
      200: { description: 'A file.', schema: answer, contentType: ['text/markdown', 'application/json'], file: true },
    }
    const { paths } = openApiDocument([{ ...route, responses }], '0.0.0')
    expect(paths).toMatchObject({
      '/ask/{id}': {
        post: {
          responses: {
            200: {
              content: {
                'text/markdown': { schema: { type: 'string' } },
                'application/json': { schema: { type: 'object', required: ['text'] } },
              },
            },
          },
        },
      },
    })
  })

  test('what is asked forbids unknown fields, what is answered may grow', () => {
    const paths = JSON.stringify(document.paths)
    expect(paths.match(/"additionalProperties":false/g)).toHaveLength(1)
    expect(JSON.stringify(document.components)).not.toContain('"additionalProperties":false')
  })

  test('every event of a stream has its schema', () => {
    const { schemas } = document.components as { schemas: Record<string, unknown> }
    const events = [...JSON.stringify(schemas.StreamEvent).matchAll(/"event":\{"type":"string","const":"(\w+)"/g)]
    expect(new Set(events.map(([, name]) => name))).toEqual(
      new Set([...Object.keys(ANSWER_EVENTS), 'accepted', 'queued', 'snapshot']),
    )
  })
})
