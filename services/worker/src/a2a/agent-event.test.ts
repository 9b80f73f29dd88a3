import { describe, expect, test } from '@jest/globals'
import { parseAgentLine } from './agent-event.ts'

const line = (result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: '1', result })
const status = (state: string, data?: unknown): string =>
  line({
    statusUpdate: {
      taskId: 't',
      contextId: 's',
      status: { state, ...(data !== undefined && { message: { parts: [{ data }] } }) },
    },
  })
const usage = {
  inputTokens: 1,
  outputTokens: 2,
  totalTokens: 3,
  reasoningTokens: 0,
  cachedTokens: 0,
  estimated: false,
  costMicros: 0,
  currency: 'USD',
}

describe('agent lines', () => {
  test('text chunks of the answer and the reasoning', () => {
    const chunk = (artifactId: string): string =>
      line({ artifactUpdate: { taskId: 't', artifact: { artifactId, parts: [{ text: 'a' }, { text: 'b' }] } } })
    expect(parseAgentLine(chunk('answer'))).toEqual({ kind: 'answer', delta: 'ab' })
    expect(parseAgentLine(chunk('reasoning'))).toEqual({ kind: 'reasoning', delta: 'ab' })
    expect(parseAgentLine(chunk('other'))).toBeUndefined()
  })

  test('a single piece of text, the usual line, reads as any other does', () => {
    const chunk = (artifactId: string, part: unknown): string =>
      line({ artifactUpdate: { taskId: 't', contextId: 's', append: true, artifact: { artifactId, parts: [part] } } })
    expect(parseAgentLine(chunk('answer', { text: 'a"\n' }))).toEqual({ kind: 'answer', delta: 'a"\n' })
    expect(parseAgentLine(chunk('reasoning', { text: 'b' }))).toEqual({ kind: 'reasoning', delta: 'b' })
    expect(parseAgentLine(chunk('other', { text: 'c' }))).toBeUndefined()
    expect(parseAgentLine(chunk('answer', { text: '' }))).toBeUndefined()
    expect(() => parseAgentLine(chunk('answer', { text: 5 }))).toThrow(
      expect.objectContaining({ code: 'agent_failed' }),
    )
  })

  test('the graph’s progress', () => {
    expect(parseAgentLine(status('TASK_STATE_WORKING', { kind: 'started', model: 'm' }))).toEqual({
      kind: 'progress',
      progress: { kind: 'started', model: 'm' },
    })
    expect(parseAgentLine(status('TASK_STATE_WORKING'))).toBeUndefined()
  })

  test('each way to end', () => {
    const result = { model: 'm', usage, finishReason: 'stop' }
    expect(parseAgentLine(status('TASK_STATE_COMPLETED', result))).toEqual({ kind: 'completed', result })
    expect(parseAgentLine(status('TASK_STATE_CANCELED'))).toEqual({ kind: 'canceled', result: undefined })
    expect(parseAgentLine(status('TASK_STATE_FAILED'))).toMatchObject({
      kind: 'failed',
      failure: { code: 'agent_failed' },
    })
    const failure = { code: 'model_timeout', message: 'late', retryable: true }
    expect(parseAgentLine(status('TASK_STATE_FAILED', failure))).toEqual({ kind: 'failed', failure })
  })

  test.each([
    ['not JSON', '{'],
    [
      'an error response',
      JSON.stringify({ jsonrpc: '2.0', id: '1', error: { code: -32603, message: 'secret detail' } }),
    ],
    ['a completed task without its result', status('TASK_STATE_COMPLETED', { model: 'm' })],
    ['another shape', JSON.stringify({ result: { artifactUpdate: { artifact: 5 } } })],
  ])('%s is the agent’s failure, told without its words', (_what, json) => {
    expect(() => parseAgentLine(json)).toThrow(
      expect.objectContaining({ code: 'agent_failed', message: expect.not.stringContaining('secret') }),
    )
  })
})
