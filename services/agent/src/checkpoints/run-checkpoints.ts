import type { Store } from '@askwire/store'
import type { RunnableConfig } from '@langchain/core/runnables'
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres'
import { CHECKPOINT_TTL_MS } from '../limits.ts'
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

/**
 * LangGraph's Postgres checkpoints, thread id = run id, with three changes:
 * - Only what a later attempt would have to pay for again is kept: after a model condensed the question, and after
 *   retrieval. LangGraph itself saves five checkpoints and four sets of writes per run.
 * - A checkpoint is one statement on the pool, not a transaction of ten round trips on a client of its own.
 * - A database that is away costs the checkpoint, never the answer. (LangGraph would let the rejection go unhandled until the
 *   graph ends, which ends the process.)
 */
export class RunCheckpoints extends PostgresSaver {
  readonly #pool: Store['pool']
  readonly #onFailure: (error: unknown) => void

  constructor(store: Pick<Store, 'pool'>, onFailure: (error: unknown) => void) {
    super(store.pool, undefined, { schema: CHECKPOINT_SCHEMA })
    this.#pool = store.pool
    this.#onFailure = onFailure
  }

  override async put(config: Put[0], checkpoint: Put[1], metadata: Put[2]): Promise<RunnableConfig> {
    const { thread_id, checkpoint_ns = '', checkpoint_id = null } = config.configurable ?? {}
    const { channel_values: values, ...head } = checkpoint
    if (isWorthKeeping(values)) {
      await this.#try(async () => {
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
      })
    }
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } }
  }

  /** Writes of unfinished steps matter to graphs with parallel nodes only. */
  override async putWrites(): Promise<void> {}

  /** A graph invoked with `saved` starts from that checkpoint, or from none, without reading again. */
  override async getTuple(config: RunnableConfig): Promise<Tuple> {
    if (config.configurable && 'saved' in config.configurable) return config.configurable.saved
    return await this.#try(() => super.getTuple(config))
  }

  override async deleteThread(runId: string): Promise<void> {
    await this.#delete('thread_id = $1', runId)
  }

  /** Removes what runs accepted before `now - ttlMs` left behind: a run id is a UUIDv7 and begins with its millisecond. */
  async deleteOld(now: number, ttlMs = CHECKPOINT_TTL_MS): Promise<void> {
    const hex = Math.max(0, now - ttlMs)
      .toString(16)
      .padStart(12, '0')
    await this.#delete('thread_id < $1', `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`)
  }

  async #delete(where: string, value: string): Promise<void> {
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
  return values.answered === undefined && (values.found !== undefined || values.standalone !== undefined)
}
