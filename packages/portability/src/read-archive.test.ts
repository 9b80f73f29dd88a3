import { conversationsFile, FILE_FORMATS, makeConversation } from '@askwire/testing'
import { describe, expect, test } from '@jest/globals'
import { readArchive } from './read-archive.ts'
import { toHtml } from './render/to-html.ts'
import { toMarkdown } from './render/to-markdown.ts'
import { foundIn, sourceOf, zipOf } from './test-support.ts'
import { toAskwireSession } from './to-askwire-session.ts'
import { createArchiveWriter } from './write-archive.ts'

describe.each(FILE_FORMATS)('a file of %s', (format) => {
  test('gives its conversations with their branches, bare and in an archive', async () => {
    const file = conversationsFile(format, 3)
    const bare = await foundIn(file)
    const zipped = await foundIn(await zipOf({ 'user.json': '{"name":"x"}', 'conversations.json': file }))
    const told = zipped.filter(({ kind }) => kind !== 'other')
    expect(told.map((one) => ({ ...one, place: null }))).toEqual(bare.map((one) => ({ ...one, place: null })))
    expect(bare).toHaveLength(3)
    const [first] = bare
    if (first?.kind !== 'conversation') throw new Error('no conversation')
    const { title, messages, key } = first.conversation
    expect(title).toBe('Title 0')
    expect(key.startsWith(`${format}:`)).toBe(true)
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant', 'user'])
    const [question, one, other, last] = messages
    expect(question?.content).toContain('灯塔 “how” \\ does\nit burn?')
    expect([question?.parentId, one?.parentId, other?.parentId, last?.parentId]).toEqual([
      null,
      question?.id,
      question?.id,
      other?.id,
    ])
    expect(messages.every((message, at) => at === 0 || message.createdAt >= (messages[0]?.createdAt ?? 0))).toBe(true)
  })

  test('costs one malformed conversation no other, and says why', async () => {
    const good = [0, 1].map((at) => JSON.stringify(makeConversation(format, at)))
    const bad = {
      chatgpt: '{"mapping":{"a":1}}',
      claude: '{"uuid":"x","chat_messages":[{}]}',
      librechat: '{"conversationId":"x","messages":[3]}',
      'open-webui': '{"id":"x","chat":{}}',
    }
    const found = await foundIn(`[${good[0]},${bad[format]},{"a":,},${good[1]},42]`)
    expect(found.map(({ kind }) => kind)).toEqual(['conversation', 'skipped', 'skipped', 'conversation', 'skipped'])
    expect(found[1]).toMatchObject({ what: '#2', reason: { code: expect.stringMatching(/^malformed/) } })
    expect(found[2]).toMatchObject({ reason: { code: 'malformed_json', why: 'It is not well-formed JSON.' } })
  })

  test('is gone on with from any place', async () => {
    const all = await foundIn(conversationsFile(format, 5))
    expect(await foundIn(conversationsFile(format, 5), { entry: 0, index: 3 })).toEqual(all.slice(3))
  })
})

describe('trees that are none', () => {
  const chat = (mapping: Record<string, unknown>) =>
    JSON.stringify([{ id: 'x', title: 't', create_time: 1.7e9, mapping }])
  const said = (id: string, parent: string | null) => ({
    id,
    parent,
    message: { author: { role: 'user' }, content: { parts: ['x'] } },
  })

  test('a circle is skipped', async () => {
    expect(await foundIn(chat({ a: said('a', 'b'), b: said('b', 'a') }))).toMatchObject([
      { kind: 'skipped', reason: { code: 'circle', params: {}, why: 'Its messages hang in a circle.' } },
    ])
  })

  test('deep ones are read without a stack', async () => {
    const nodes = Object.fromEntries(
      Array.from({ length: 15_000 }, (_one, at) => [`n${at}`, said(`n${at}`, at === 0 ? null : `n${at - 1}`)]),
    )
    const [found] = await foundIn(chat(nodes))
    expect(found?.kind === 'conversation' && found.conversation.messages.length).toBe(15_000)
    const nested = `[{"id":"x","mapping":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}]`
    expect(await foundIn(nested)).toMatchObject([{ kind: 'skipped' }])
  })
})

describe('archives that are made to harm', () => {
  test('a bomb is refused by what it would unpack to', async () => {
    const zip = await zipOf({ 'conversations.json': `["${'0'.repeat(40_000_000)}"]` })
    await expect(foundIn(zip)).rejects.toThrow('unpack to too much')
  })

  test('names that lead out of it are refused', async () => {
    const zip = await zipOf({ 'aa/conversations.json': '[]' })
    const tricked = Buffer.from(
      zip.toString('latin1').replaceAll('aa/conversations.json', '../conversations.json'),
      'latin1',
    )
    await expect(foundIn(tricked)).rejects.toThrow(/damaged/)
  })

  test('a size that is lied about ends the entry', async () => {
    const zip = await zipOf({ 'conversations.json': conversationsFile('claude', 50) })
    const end = zip.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'))
    zip.writeUInt32LE(100, end + 24)
    const found = await foundIn(zip)
    expect(found.at(-1)?.kind).toBe('skipped')
    expect(found.filter(({ kind }) => kind === 'conversation').length).toBeLessThan(50)
  })

  test('what is no export is refused', async () => {
    await expect(foundIn('hello')).rejects.toThrow('not JSON')
    await expect(foundIn('PK\u0003\u0004....')).rejects.toThrow('damaged')
  })
})

const SESSION = toAskwireSession({
  id: '01890000-0000-7000-8000-000000000001',
  title: '<script>alert(1)</script>',
  titleSource: 'user',
  createdAt: '2025-01-01T00:00:00.000Z',
  updatedAt: '2025-01-02T00:00:00.000Z',
  tags: ['A', 'b & c'],
  folder: 'F',
  pinned: true,
  archived: false,
  draft: 'half a',
  activeLeafId: 'm3',
  messages: [
    {
      id: 'm1',
      parentId: null,
      role: 'user',
      content: 'Why? <img src=x onerror=alert(1)>',
      createdAt: '2025-01-01T00:00:00.000Z',
    },
    {
      ...{ id: 'm2', parentId: 'm1', role: 'assistant', content: 'one', createdAt: '2025-01-01T00:00:01.000Z' },
      model: 'm',
      steps: [{ node: 'answer', title: 'Answer', elapsedMs: 12, status: 'succeeded', outputs: { words: 3 } }],
      run: { status: 'succeeded', timings: { queuedMs: 1, firstTokenMs: 2, totalMs: 3 }, error: null },
    },
    {
      id: 'm3',
      parentId: 'm1',
      role: 'assistant',
      content: '"two" & \'three\'',
      createdAt: '2025-01-01T00:00:02.000Z',
      feedback: { rating: 'down', reason: 'wrong', comment: 'no', at: '2025-01-01T00:00:03.000Z' },
      summary: { content: 'So far: nothing.', model: 'rule', messages: 2 },
    },
  ],
})

const FOLDERS = [{ name: 'Empty', createdAt: '2025-01-01T00:00:00.000Z' }]

async function archive(): Promise<Buffer> {
  const chunks: Buffer[] = []
  const writer = createArchiveWriter(async (chunk) => void chunks.push(chunk), { createdAt: new Date(0) })
  await writer.addSession(SESSION)
  await writer.end({ folders: FOLDERS, documents: [] })
  return Buffer.concat(chunks)
}

describe('our own archive', () => {
  test('is read as it was written', async () => {
    const [folders, one, ...others] = await foundIn(await archive())
    expect(folders).toMatchObject({ kind: 'folders', folders: FOLDERS })
    expect(others).toEqual([])
    if (one?.kind !== 'conversation') throw new Error('no conversation')
    const { conversation } = one
    expect(conversation).toMatchObject({
      key: `askwire:${SESSION.id}`,
      folder: 'F',
      pinned: true,
      draft: 'half a',
      activeLeafId: 'm3',
      tags: ['A', 'b & c'],
    })
    expect(
      conversation.messages.map(({ createdAt, feedback, ...rest }) => ({
        ...rest,
        createdAt: createdAt.toISOString(),
        feedback: feedback && { ...feedback, at: feedback.at?.toISOString() },
      })),
    ).toEqual(SESSION.messages)
  })

  test('an entry that is not what the manifest says is skipped', async () => {
    const { createdAt, ...rest } = SESSION
    const text = JSON.stringify({ ...rest, createdAt })
    const sha256 = '0'.repeat(64)
    const manifest = {
      askwire: 1,
      createdAt: 'x',
      sessions: 1,
      messages: 3,
      entries: { 'sessions/a.json': { bytes: 1, sha256 } },
    }
    const zip = await zipOf({ 'sessions/a.json': text, 'manifest.json': JSON.stringify(manifest) })
    expect(await foundIn(zip)).toMatchObject([{ kind: 'skipped', reason: { code: 'not_as_in_manifest' } }])
  })

  test('keeps the times of messages that are older than their session, and lines as they were written', async () => {
    const fork = toAskwireSession({ ...SESSION, createdAt: '2026-01-01T00:00:00.000Z', title: 'two  spaces' })
    const [one] = await foundIn(JSON.stringify(fork))
    if (one?.kind !== 'conversation') throw new Error('no conversation')
    expect(one.conversation.title).toBe('two  spaces')
    expect(one.conversation.messages.map(({ createdAt }) => createdAt.toISOString())).toEqual(
      SESSION.messages.map(({ createdAt }) => createdAt),
    )
  })

  test('an empty one is an archive', async () => {
    const zip = await zipOf({})
    const found = []
    for await (const one of readArchive(sourceOf(zip))) found.push(one)
    expect(found).toEqual([])
  })
})

describe('a page', () => {
  test('holds no markup but its own', () => {
    const html = toHtml(SESSION)
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('&quot;two&quot; &amp; &#39;three&#39;')
    expect(html).toContain("default-src 'none'")
  })

  test('shows the open branch first and leaves nothing out', () => {
    const markdown = toMarkdown(SESSION)
    expect(markdown.indexOf('"two"')).toBeLessThan(markdown.indexOf('\none\n'))
    expect(markdown).toContain('Another branch (1)')
  })
})
