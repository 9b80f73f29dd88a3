import { parseArgs } from 'node:util'
import { createAmqpBroker } from '../packages/broker/src/index.ts'
import { AppError, type DeadLetterSummary, MAX_PAGE_LIMIT, topology, uuid } from '../packages/contracts/src/index.ts'
import { replayDeadLetter } from '../packages/runs/src/index.ts'
import { createLogger } from '../packages/runtime/src/index.ts'
import { getDeadLetter, listDeadLetters, openStore, type Store } from '../packages/store/src/index.ts'

const USAGE = `usage: npm run dead-letters -- <command> [options]

Questions that no worker could take. Reads ASKWIRE_DATABASE_URL, and for replay ASKWIRE_RABBIT_URL.

  list                the newest first
    --limit <number>    1 to ${MAX_PAGE_LIMIT} (default 20)
    --cursor <text>     go on where an earlier list ended
  show <id>           one letter with its message and how it died
  replay <id>         give its question another chance; prints the run, the same however often
  --json              print JSON
  --help              this text`

/** Whoever wrote the message may have put anything into it: nothing of it may steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}

function requireUrl(name: string): string {
  const url = process.env[name]
  if (url !== undefined && url !== '') return url
  throw new AppError('invalid_request', `${name} is not set`)
}

function requireId(text: string | undefined): string {
  const id = uuid.safeParse(text)
  if (id.success) return id.data
  throw new AppError('invalid_request', 'which one? Give the id that `list` shows')
}

function lineOf(letter: DeadLetterSummary): string {
  const replay = letter.replayedAt === null ? '-' : `replayed as ${letter.replayRunId ?? 'a run that is gone'}`
  const of = letter.runId ?? (letter.messageId === null ? '-' : `message ${printable(letter.messageId)}`)
  return [letter.id, letter.receivedAt, letter.reason.padEnd(14), of, replay].join('  ')
}

async function list(store: Store, page: { limit: number; cursor: string | undefined }, json: boolean): Promise<void> {
  const { items, nextCursor } = await listDeadLetters(store, page)
  if (json) return console.log(JSON.stringify({ items, nextCursor }, null, 2))
  if (items.length === 0) console.log('no dead letters')
  for (const letter of items) console.log(lineOf(letter))
  if (nextCursor !== null) console.log(`more: --cursor ${nextCursor}`)
}

async function show(store: Store, id: string, json: boolean): Promise<void> {
  const letter = await getDeadLetter(store, id)
  if (json) return console.log(JSON.stringify(letter, null, 2))
  const { body, deaths, ...summary } = letter
  for (const [name, value] of Object.entries(summary))
    console.log(`${name.padEnd(14)}${printable(String(value ?? '-'))}`)
  for (const { queue, reason, count, at } of deaths)
    console.log(`${'death'.padEnd(14)}${printable(`${reason} in ${queue}, ${count} times, at ${at ?? '?'}`)}`)
  console.log(`\n${printable(body)}`)
}

async function replay(store: Store, id: string, json: boolean): Promise<void> {
  const logger = createLogger({ name: 'dead-letters', level: 'error' })
  const url = requireUrl('ASKWIRE_RABBIT_URL')
  const broker = createAmqpBroker({ url, connectionName: `dead-letters-${process.pid}`, logger, topology: topology() })
  await broker.start()
  try {
    const { runId, sessionId } = await replayDeadLetter({ store, broker, logger }, id)
    console.log(json ? JSON.stringify({ runId, sessionId }) : `run ${runId} of session ${sessionId}`)
  } finally {
    await broker.close()
  }
}

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { limit: text, cursor: text, json: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  const [command, id] = positionals
  if (values.help === true || command === undefined || !['list', 'show', 'replay'].includes(command)) {
    console.log(USAGE)
    return values.help === true ? 0 : 1
  }
  const limit = Number(values.limit ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_LIMIT)
    throw new AppError('invalid_request', `--limit must be 1 to ${MAX_PAGE_LIMIT}`)
  const json = values.json ?? false
  const store = await openStore({
    url: requireUrl('ASKWIRE_DATABASE_URL'),
    maxConnections: 2,
    acquireTimeoutMs: 10_000,
  })
  try {
    if (command === 'list') await list(store, { limit, cursor: values.cursor }, json)
    else if (command === 'show') await show(store, requireId(id), json)
    else await replay(store, requireId(id), json)
    return 0
  } finally {
    await store.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`dead-letters: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
}
