import { expect, test } from '@jest/globals'
import { mergeMessages } from './merge-messages.ts'
import { EMPTY_SESSION } from './session-state.ts'
import { message } from './test-events.ts'

test('messages stand in the order they were written, whatever their ids say, each as it was loaded last', () => {
  const at = (id: string, createdAt: string, content = id) => ({ ...message(id, 'r1', content), createdAt })
  const first = mergeMessages(EMPTY_SESSION, [at('b', '2026-01-01T00:00:02.000Z'), at('c', '2026-01-01T00:00:01.000Z')])
  const second = mergeMessages(first, [at('a', '2026-01-01T00:00:02.000Z'), at('b', '2026-01-01T00:00:02.000Z', 'new')])
  expect(second.messages.map(({ content }) => content)).toEqual(['c', 'a', 'new'])
})
