import { formatSSEEvent, StreamResponse, TaskState } from '@a2a-js/sdk'
import { newId } from '@askwire/contracts'
import { expect, test } from '@jest/globals'
import type { StreamItem } from '../tasks/subscription.ts'
import { statusOf, statusUpdate, textUpdate } from '../tasks/wire.ts'
import { createStreamEncoder } from './stream-encoder.ts'

const IDS = { taskId: newId(), contextId: newId() }

test.each([1, 'seven "7"', null])('an event by hand is the event the SDK makes (request id %s)', (id) => {
  const status = { event: statusUpdate(IDS, statusOf(IDS, TaskState.TASK_STATE_WORKING, { kind: 'started' })) }
  const items: StreamItem[] = [
    status,
    { artifact: 'reasoning', text: 'hm', append: false },
    { artifact: 'answer', text: 'line\nbreak "quoted" \u2028 中🎉 \u0000 {"lc":1}', append: false },
    { artifact: 'answer', text: ' more', append: true },
  ]
  const bySdk = items
    .map((item) => ('event' in item ? item.event : textUpdate(IDS, item)))
    .map((event) => formatSSEEvent({ jsonrpc: '2.0', id, result: StreamResponse.toJSON(event) }))
  expect(createStreamEncoder(id, IDS)(items)).toBe(bySdk.join(''))
})
