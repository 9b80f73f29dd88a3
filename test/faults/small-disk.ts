import { execFile } from 'node:child_process'
import { chown, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openDatabaseClient } from '@askwire/testing'
import type { Bench } from './bench.ts'

const run = promisify(execFile)
const SIZE_MB = 64
/** What the tables of a row take beforehand is little; this much stays free for them until the disk is filled. */
const FREE_MB = 8
/** What grows with a question, its answer and an upload, and with it the indexes. */
const TABLES = ['runs', 'messages', 'sessions', 'jobs', 'job_files']

/** A disk of PostgreSQL's own that can be filled. */
export type SmallDisk = { fill(): Promise<void>; free(): Promise<void>; remove(): Promise<void> }

/**
 * Moves the tables of questions, answers and uploads to a file system of 64 MB in memory, which PostgreSQL holds as a tablespace. Its log
 * stays where it was, so a full disk is an error of statements and not the end of the server. Throws where no file system may be mounted.
 */
export async function moveToSmallDisk(bench: Bench): Promise<SmallDisk> {
  const { databaseUrl, postgres } = bench.cluster.servers
  const folder = await mkdtemp(join(tmpdir(), 'askwire-disk-'))
  const { uid, gid } = await stat(`/proc/${postgres.pid ?? 'self'}`)
  await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0700`, 'tmpfs', folder])
  await chown(folder, uid, gid)
  // As the server's superuser: only that may make a tablespace.
  const url = new URL(postgres.url)
  url.pathname = new URL(databaseUrl).pathname
  const database = await openDatabaseClient(url.href)
  const ballast = join(folder, 'ballast')
  const move = async (tablespace: string): Promise<void> => {
    for (const table of TABLES) {
      await database.query(`alter table ${table} set tablespace ${tablespace}`)
      const indexes = await database.query<{ name: string }>(
        'select indexname as name from pg_indexes where schemaname = current_schema() and tablename = $1',
        [table],
      )
      for (const { name } of indexes) await database.query(`alter index "${name}" set tablespace ${tablespace}`)
    }
  }
  await database.query(`create tablespace small_disk location '${folder}'`)
  await move('small_disk')
  const take = async (megabytes: number): Promise<void> =>
    await run('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M', `count=${megabytes}`]).then(
      () => {},
      () => {}, // Full before its end, which is what is wanted.
    )
  await take(SIZE_MB - FREE_MB)
  return {
    fill: async () => await take(SIZE_MB),
    free: async () => await writeFile(ballast, ''),
    remove: async () => {
      await writeFile(ballast, '')
      await move('pg_default')
      await database.query('drop tablespace small_disk')
      await database.close()
      await run('umount', [folder])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
