import { gatherCalls } from '@askwire/runtime'
import type { Store } from '@askwire/store'
import type { RunnableConfig } from '@langchain/core/runnables'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { CHECKPOINT_TTL_MS, CHECKPOINT_WRITE_AFTER_MS } from '../limits.ts'
import { CHECKPOINT_SCHEMA } from './schema.ts'

type Put = Parameters<PostgresSaver['put']>
type Tuple = Awaited<ReturnType<PostgresSaver['getTuple']>>

const TABLES = ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes'].map((name) => `"${CHECKPOINT_SCHEMA}".${name}`)

const PUT = `
  with blobs as (
    insert into "${CHECKPOINT_SCHEMA}".checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
    select $1, $2, channel, version, type, blob
    from unnest($3::text[], $4::text[], $5::text[], $6::bytea[]) as new (channel, version, type, blob)
    on conflict do nothing
  )
  insert into "${CHECKPOINT_SCHEMA}".checkpoints
    (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
  values ($1, $2, $7, $8, $9::jsonb, $10::jsonb)
  on conflict (thread_id, checkpoint_ns, checkpoint_id)
    do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata`

type State = { config: Put[0]; checkpoint: Put[1]; metadata: Put[2] }
/** What is known here of a run's checkpoints: the newest state if it is not stored yet, and whether anything is stored. */
type Kept = { newest?: State | undefined; timer?: NodeJS.Timeout; stored: boolean; writing?: Promise<void> | undefined }

/** Runs known here at once. Beyond it the oldest is forgotten: it is not written any more, or left to the sweep. */
const MAX_KEPT = 10_000
/** Threads deleted with one statement at the most. */
const MAX_DELETES = 500

/**
 * LangGraph's Postgres checkpoints, thread id = run id, with four changes:
 * - Only what a later attempt would have to pay for again is kept: after a summary, after a model condensed the
 *   question, and after retrieval. LangGraph itself saves five checkpoints and four sets of writes per run.
 * - It is written behind: a run that has ended within `writeAfterMs` of its first state has written nothing, and has nothing to
 *   delete. An agent that dies sooner costs the next attempt these first seconds' work.
 * - A checkpoint is one statement on the pool, not a transaction of ten round trips on a client of its own.
 * - A database that is away costs the checkpoint, never the answer. (LangGraph would let the rejection go unhandled until the
 *   graph ends, which ends the process.)
 */
export class RunCheckpoints extends PostgresSaver {
  readonly #pool: Store['pool']
  readonly #onFailure: (error: unknown) => void
  readonly #writeAfterMs: number
  readonly #kept = new Map<string, Kept>()
  readonly #deleteStored = gatherCalls(
    async (runIds: readonly string[]) => await this.#delete('thread_id = any($1::text[])', [...runIds]),
    { maxItems: MAX_DELETES },
  )

  constructor(
    store: Pick<Store, 'pool'>,
    onFailure: (error: unknown) => void,
    writeAfterMs: number = CHECKPOINT_WRITE_AFTER_MS,
  ) {
    super(store.pool, undefined, { schema: CHECKPOINT_SCHEMA })
    this.#pool = store.pool
    this.#onFailure = onFailure
    this.#writeAfterMs = writeAfterMs
  }

  override async put(config: Put[0], checkpoint: Put[1], metadata: Put[2]): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '' } = config.configurable ?? {}
    if (isWorthKeeping(checkpoint.channel_values)) this.#keep(thread_id, { config, checkpoint, metadata })
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } }
  }

  #keep(runId: string, state: State): void {
    const kept = this.#kept.get(runId)
    if (kept?.newest) {
      kept.newest = state
      return
    }
    const timer = setTimeout(() => void this.writeNow(runId), this.#writeAfterMs)
    timer.unref()
    this.#know(runId, { newest: state, timer, stored: kept?.stored ?? false })
  }

  #know(runId: string, kept: Kept): void {
    this.#kept.set(runId, kept)
    if (this.#kept.size <= MAX_KEPT) return
    for (const [oldest, { timer }] of this.#kept) {
      clearTimeout(timer)
      this.#kept.delete(oldest)
      return
    }
  }

  /** Writes what is not written yet: another attempt is to come. */
  async writeNow(runId: string): Promise<void> {
    const kept = this.#kept.get(runId)
    if (!kept?.newest) return
    const state = kept.newest
    kept.newest = undefined
    kept.stored = true
    clearTimeout(kept.timer)
    kept.writing = this.#try(() => this.#write(state))
    await kept.writing
  }

  async #write({ config, checkpoint, metadata }: State): Promise<void> {
    const { thread_id, checkpoint_ns = '', checkpoint_id = null } = config.configurable ?? {}
    const { channel_values: values, ...head } = checkpoint
    // Checkpoints in between were skipped, so every channel is written, not only those that changed since the last.
    const channels = Object.entries(checkpoint.channel_versions)
    const blobs = await Promise.all(
      channels.map(([name]) => (name in values ? this.serde.dumpsTyped(values[name]) : (['empty', null] as const))),
    )
    await this.#pool.query(PUT, [
      thread_id,
      checkpoint_ns,
      channels.map(([name]) => name),
      channels.map(([, version]) => String(version)),
      blobs.map(([type]) => type),
      blobs.map(([, bytes]) => (bytes === null ? null : Buffer.from(bytes))),
      checkpoint.id,
      checkpoint_id,
      JSON.stringify(head),
      JSON.stringify(metadata),
    ])
  }

  /** Writes of unfinished steps matter to graphs with parallel nodes only. */
  override async putWrites(): Promise<void> {}

  /** A graph invoked with `saved` starts from that checkpoint, or from none, without reading again. */
  override async getTuple(config: RunnableConfig): Promise<Tuple> {
    if (config.configurable && 'saved' in config.configurable) return config.configurable.saved
    const runId: unknown = config.configurable?.thread_id
    if (typeof runId !== 'string') return undefined
    // An earlier attempt may have been here as well.
    await this.writeNow(runId)
    const tuple = await this.#try(() => super.getTuple(config))
    if (tuple) this.#know(runId, { stored: true })
    return tuple
  }

  /** Forgets what is kept here of a run, and deletes what is stored of it as far as this process knows. */
  override async deleteThread(runId: string): Promise<void> {
    const kept = this.#kept.get(runId)
    if (!kept) return
    clearTimeout(kept.timer)
    this.#kept.delete(runId)
    await kept.writing
    if (kept.stored) await this.#deleteStored(runId)
  }

  /** Removes what runs accepted before `now - ttlMs` left behind: a run id is a UUIDv7 and begins with its millisecond. */
  async deleteOld(now: number, ttlMs = CHECKPOINT_TTL_MS): Promise<void> {
    const hex = Math.max(0, now - ttlMs)
      .toString(16)
      .padStart(12, '0')
    await this.#delete('thread_id < $1', `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`)
  }

  async #delete(where: string, value: string | string[]): Promise<void> {
    const [first, ...others] = TABLES
    const deletes = others.map((table, index) => `d${index} as (delete from ${table} where ${where})`)
    await this.#try(() => this.#pool.query(`with ${deletes.join(', ')} delete from ${first} where ${where}`, [value]))
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      this.#onFailure(error)
      return undefined
    }
  }
}

function isWorthKeeping(values: Record<string, unknown>): boolean {
  const { answered, found, standalone, summary } = values
  return answered === undefined && (found !== undefined || standalone !== undefined || summary !== undefined)
}
