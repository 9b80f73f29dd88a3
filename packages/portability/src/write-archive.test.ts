import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { AskwireSession } from './askwire-session.ts'
import { foundIn } from './test-support.ts'
import { toAskwireSession } from './to-askwire-session.ts'
import { type ArchiveState, createArchiveWriter } from './write-archive.ts'
import { createZipWriter } from './zip/zip-writer.ts'

const session = (at: number): AskwireSession =>
  toAskwireSession({
    ...{ id: `s${at}`, title: `Title ${at}`, createdAt: '2025-01-01T00:00:00Z', updatedAt: '2025-01-01T00:00:00Z' },
    messages: [{ id: 'm', parentId: null, role: 'user', content: `灯塔 ${at}`, createdAt: '2025-01-01T00:00:00Z' }],
  })
const createdAt = new Date(0)
const PROBLEM = { sessionId: 'x', outcome: 'left_out', code: 'unreadable', params: {}, why: 'w' } as const

/** Writes some sessions behind what is there, and says what there is then; `ends`: all of it. */
async function write(ats: number[], before: { bytes: Buffer; state?: ArchiveState }, ends: boolean) {
  const chunks = [before.bytes]
  const writer = createArchiveWriter(async (chunk) => void chunks.push(chunk), { createdAt, from: before.state })
  for (const at of ats) await writer.addSession(session(at))
  if (ats.includes(1)) writer.addProblem(PROBLEM)
  const manifest = ends ? await writer.end({ folders: [], documents: [] }) : undefined
  // As a job's row keeps it.
  const state = JSON.parse(JSON.stringify(writer.state())) as ArchiveState
  return { bytes: Buffer.concat(chunks), state, manifest }
}

describe('an archive that is written in several goes', () => {
  test('is to the byte what it is in one', async () => {
    const nothing = { bytes: Buffer.alloc(0) }
    const whole = await write([0, 1, 2, 3], nothing, true)
    const parts = await write([3], await write([2], await write([0, 1], nothing, false), false), true)
    expect(parts.bytes.equals(whole.bytes)).toBe(true)
    expect(parts.manifest).toMatchObject({ sessions: 4, messages: 4, problemCount: 1, problems: [PROBLEM] })
    const found = (await foundIn(parts.bytes)).filter(({ kind }) => kind === 'conversation')
    expect(found).toHaveLength(4)
  })

  test('has in its manifest what each entry hashes to', async () => {
    const { manifest } = await write([7], { bytes: Buffer.alloc(0) }, true)
    const text = JSON.stringify(session(7), null, 1)
    expect(manifest?.entries['sessions/s7.json']).toEqual({
      bytes: Buffer.byteLength(text),
      sha256: createHash('sha256').update(text).digest('hex'),
    })
    expect(Object.keys(manifest?.entries ?? {})).toEqual([
      ...['sessions/s7.json', 'sessions/s7.md', 'folders.json', 'documents.json'],
    ])
  })

  test('is a Zip64 one beyond 65 535 entries, which is read as any other', async () => {
    const chunks: Buffer[] = []
    const written = Array.from({ length: 70_000 }, (_one, at) => ({
      ...{ name: `sessions/${at}.txt`, crc: 0, packed: 0, bytes: 0, sha256: '' },
    }))
    const zip = createZipWriter(async (chunk) => void chunks.push(chunk), { written })
    const [first = 0] = [written.reduce((sum, { name }) => sum + 30 + name.length, 0)]
    chunks.push(Buffer.alloc(first))
    chunks[0]?.writeUInt32BE(0x504b0304, 0)
    await zip.add('conversations.json', JSON.stringify([session(1)]))
    await zip.end()
    const found = await foundIn(Buffer.concat(chunks))
    expect(found.map(({ kind, place }) => [kind, place.entry])).toEqual([['conversation', 70_000]])
  })
})

describe('a session that does not fit the format', () => {
  const stored = { ...session(0), askwire: 7 }
  const [message] = stored.messages

  test('is carried without the fields that do not, and says which', () => {
    const resource = { n: 1, documentId: 'd', documentName: 'n', chunkId: 'c', page: null, score: 1, quote: 'q' }
    const odd = {
      ...message,
      ...{ usage: { inputTokens: 0.5 }, finishReason: 'tired', model: 'm'.repeat(2000) },
      resources: [{ ...resource, score: null }, resource, { n: 0 }],
    }
    const { leftOut, messages, draft } = toAskwireSession({ ...stored, draft: 'd'.repeat(200_000), messages: [odd] })
    expect(leftOut).toEqual([
      'draft',
      'messages.finishReason',
      'messages.model',
      'messages.resources',
      'messages.usage',
    ])
    expect(messages).toEqual([{ ...message, resources: [resource] }])
    expect(draft).toBe('')
    expect(odd.resources).toHaveLength(3)
  })

  test('is none when its tree or its times are no such', () => {
    expect(() => toAskwireSession({ ...stored, createdAt: 'infinity' })).toThrow('format')
    expect(() => toAskwireSession({ ...stored, messages: [{ ...message, role: 'tool' }] })).toThrow('format')
  })
})
