import { type MessageView, type Page, pageOf, sessionView } from '@askwire/contracts'
import { waitFor } from '@askwire/testing'

const sessions = pageOf(sessionView)

/** A session with so many questions, each with its answer, brought in as another product's export. Gives its id. */
export async function seedSession(url: string, title: string, turns: number): Promise<string> {
  const response = await fetch(`${url}/api/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': title },
    body: JSON.stringify([conversation(title, turns)]),
  })
  if (response.status !== 202) throw new Error(`the import was refused: ${await response.text()}`)
  return await waitFor(
    async () => {
      const { items } = sessions.parse(await (await fetch(`${url}/api/sessions?limit=100`)).json())
      return items.find((session) => session.title === title)?.id
    },
    { what: `the session “${title}” is there`, timeoutMs: 60_000, intervalMs: 200 },
  )
}

/** All messages of a session, newest first. */
export async function allMessages(url: string, sessionId: string): Promise<MessageView[]> {
  const found: MessageView[] = []
  let cursor = ''
  for (;;) {
    const path = `/api/sessions/${sessionId}/messages?limit=100${cursor && `&cursor=${cursor}`}`
    const page = (await (await fetch(`${url}${path}`)).json()) as Page<MessageView>
    found.push(...page.items)
    if (page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

/** Answers of many heights: a line, some paragraphs, a list, a table, code. */
const BODIES = [
  () => 'By oil.',
  (at: number) =>
    Array.from({ length: 2 + (at % 5) }, () => `Some **words** about number ${at}. `.repeat(6)).join('\n\n'),
  (at: number) => Array.from({ length: 3 + (at % 9) }, (_, row) => `- point ${row} of ${at}`).join('\n'),
  (at: number) => `| a | b |\n|---|---|\n${'| one | two |\n'.repeat(2 + (at % 4))}`,
  (at: number) => `So:\n\n\`\`\`ts\n${`const value = ${at}\n`.repeat(2 + (at % 12))}\`\`\``,
]

function conversation(title: string, turns: number): unknown {
  const start = Date.UTC(2025, 0, 1) / 1000
  const id = (place: number): string => `00000000-0000-4000-8000-${place.toString(16).padStart(12, '0')}`
  const said = Array.from({ length: turns * 2 }, (_, place) => {
    const at = place >> 1
    const role = place % 2 === 0 ? 'user' : 'assistant'
    const text = role === 'user' ? `Question ${at}?` : `Answer ${at}.\n\n${BODIES[at % BODIES.length]?.(at)}`
    return {
      id: id(place + 1),
      parent: id(place),
      children: place === turns * 2 - 1 ? [] : [id(place + 2)],
      message: {
        id: id(place + 1),
        author: { role },
        recipient: 'all',
        create_time: start + place,
        content: { content_type: 'text', parts: [text] },
        metadata: { model_slug: 'gpt-x' },
      },
    }
  })
  const root = { id: id(0), parent: null, children: [id(1)], message: null }
  return {
    title,
    conversation_id: `conversation-${title}`,
    create_time: start,
    update_time: start + turns * 2,
    current_node: id(turns * 2),
    mapping: Object.fromEntries([root, ...said].map((one) => [one.id, one])),
  }
}
