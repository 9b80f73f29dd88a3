import { type Actor, newId } from '@askwire/contracts'
import {
  cancelJob,
  claimJob,
  countExportable,
  createJob,
  createSession,
  dropExpiredJobs,
  finishJob,
  getJob,
  getSession,
  handBackJob,
  importConversation,
  importFolders,
  type JobRow,
  listExportable,
  listExportableDocuments,
  listFolders,
  listJobs,
  listUnpublishedJobs,
  MAX_JOB_TRIES,
  markJobPublished,
  noteProgress,
  readPieces,
  renewJob,
  requestAccountErase,
  requeueLostJobs,
  type Store,
  sealUpload,
  setAutoTitle,
  updateSession,
  writeOutput,
  writeUpload,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { addPerson, newTeam, newTenant } from './people-kit.ts'

const LEASE_MS = 60_000

/** Jobs: one worker at a time, at most so many tries, and nothing lost between two of them. */
export function describeJobs(open: () => Store): void {
  const claim = async (job: JobRow, leaseMs = LEASE_MS) =>
    await claimJob(open(), { jobId: job.id, workerId: 'w', leaseMs })
  const make = async (kind: JobRow['kind'] = 'export') => {
    const { user, admin } = await newTeam(open())
    return { scope: user, other: admin, job: await createJob(open().db, user, { kind }) }
  }
  const claimed = async (job: JobRow, leaseMs?: number): Promise<JobRow> => {
    const outcome = await claim(job, leaseMs)
    if (outcome.kind !== 'claimed') throw new Error(`not claimed but ${outcome.kind}`)
    return outcome.job
  }

  describe('jobs', () => {
    test('of many workers one gets it, and only it can write', async () => {
      const { job } = await make()
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => claim(job)))
      expect(outcomes.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
      const stale = { id: job.id, attempt: 2 }
      expect(await renewJob(open(), stale, LEASE_MS)).toBe(false)
      await expect(noteProgress(open().db, stale, { done: 1 })).rejects.toMatchObject({ code: 'stale_attempt' })
      await expect(writeOutput(open(), stale, { seq: 0, data: Buffer.from('x') })).rejects.toMatchObject({
        code: 'stale_attempt',
      })
      expect(await finishJob(open(), stale, { status: 'succeeded', report: {} })).toBeUndefined()
      const ended = await finishJob(open(), { id: job.id, attempt: 1 }, { status: 'succeeded', report: { a: 1 } })
      expect(ended).toMatchObject({ status: 'succeeded', report: { a: 1 } })
      expect((await claim(job)).kind).toBe('left')
    })

    test('a job that gets no further has three tries; one that does has them anew', async () => {
      const { job } = await make()
      for (let at = 0; at < MAX_JOB_TRIES; at += 1) {
        const turn = await claimed(job)
        await writeOutput(open(), turn, { seq: at, data: Buffer.from('x') })
        expect(await handBackJob(open(), turn, { costsTry: true })).toBe(true)
      }
      expect(await claim(job)).toMatchObject({ kind: 'exhausted', job: { error: { code: 'attempts_exhausted' } } })
      expect(await open().db.selectFrom('jobFiles').select('seq').where('jobId', '=', job.id).execute()).toEqual([])

      const { job: other } = await make()
      for (let at = 0; at < 2 * MAX_JOB_TRIES; at += 1) {
        const turn = await claimed(other)
        await noteProgress(open().db, turn, { done: at + 1 })
        await handBackJob(open(), turn, { costsTry: true })
      }
      const again = await claimed(other)
      await noteProgress(open().db, again, { done: 1 })
      expect(await getJob(open(), { tenantId: other.tenantId, userId: other.userId }, other.id)).toMatchObject({
        done: 2 * MAX_JOB_TRIES,
        tries: 1,
      })
    })

    test('a lost lease goes back into the outbox, a handed back one at no cost', async () => {
      const { job } = await make()
      await markJobPublished(open(), job.id)
      const turn = await claimed(job, 1)
      const deadline = performance.now() + 30_000
      while ((await requeueLostJobs(open())) === 0) if (performance.now() > deadline) throw new Error('never lost')
      const unpublished = await listUnpublishedJobs(open(), { limit: 1000 })
      expect(unpublished.map(({ id }) => id)).toContain(job.id)
      expect(await renewJob(open(), turn, LEASE_MS)).toBe(false)
      const next = await claimed(job)
      expect(next).toMatchObject({ attempt: 2, tries: 2 })
      await handBackJob(open(), next, { costsTry: false })
      expect((await claimed(job)).tries).toBe(2)
    })

    test('an upload is held back until it is whole, and its pieces come out as they went in', async () => {
      const { user } = await newTeam(open())
      const job = await createJob(open().db, user, { kind: 'import', uploading: true })
      expect((await claim(job)).kind).toBe('left')
      for (const [seq, text] of ['one', 'two'].entries())
        await writeUpload(open(), user, { jobId: job.id, seq, data: Buffer.from(text) })
      await sealUpload(open().db, user, job.id, { bytes: 6, pieces: 2, mediaType: 'application/json' })
      expect((await claim(job)).kind).toBe('claimed')
      const pieces: string[] = []
      for await (const piece of readPieces({ db: open().db, jobId: job.id, role: 'input' }))
        pieces.push(piece.toString())
      expect(pieces).toEqual(['one', 'two'])
    })

    test("is its owner's alone; stopped, it is nobody's; an erasure goes on", async () => {
      const { job, scope, other } = await make()
      await expect(getJob(open(), other, job.id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(cancelJob(open(), other, job.id)).rejects.toMatchObject({ code: 'not_found' })
      expect((await listJobs(open(), other, { limit: 10 }, ({ id }) => id)).items).toEqual([])
      const turn = await claimed(job)
      expect(await cancelJob(open(), scope, job.id)).toMatchObject({ status: 'cancelled' })
      expect(await renewJob(open(), turn, LEASE_MS)).toBe(false)
      const erase = await createJob(open().db, scope, { kind: 'erase' })
      await expect(cancelJob(open(), scope, erase.id)).rejects.toMatchObject({ code: 'conflict' })
    })

    test('of an account that is being erased nothing else goes on', async () => {
      const { user } = await newTeam(open())
      const [imported, titled] = [
        await createJob(open().db, user, { kind: 'import' }),
        await createJob(open().db, user, { kind: 'title' }),
      ]
      const turn = await claimed(imported)
      const erase = await requestAccountErase(open(), user, { passwordHash: null })
      expect(erase).toMatchObject({ kind: 'erase', status: 'queued' })
      await expect(noteProgress(open().db, turn, { done: 1 })).rejects.toMatchObject({ code: 'stale_attempt' })
      for (const { id } of [imported, titled])
        expect(await getJob(open(), user, id)).toMatchObject({ status: 'cancelled' })
      expect((await claim(titled)).kind).toBe('left')
    })

    test('the last admin of a tenant cannot be erased while there are others, and of two who leave at once one stays', async () => {
      const { tenantId, admin, user } = await newTeam(open())
      const other = await addPerson(open(), tenantId, { role: 'admin' })
      const leave = (who: Actor) => requestAccountErase(open(), who, { passwordHash: null })
      const left = await Promise.allSettled([leave(admin), leave(other)])
      expect(left.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const stays = left[0]?.status === 'rejected' ? admin : other
      await expect(leave(stays)).rejects.toMatchObject({ code: 'conflict' })
      expect(await leave(user)).toMatchObject({ kind: 'erase' })
      const alone = await newTenant(open())
      expect(await leave(await addPerson(open(), alone, { role: 'admin' }))).toMatchObject({ kind: 'erase' })
    })

    test('an erasure is tried until it is done', async () => {
      const { job, scope } = await make('erase')
      for (let at = 0; at < 2 * MAX_JOB_TRIES; at += 1)
        await handBackJob(open(), await claimed(job), { costsTry: true })
      const turn = await claimed(job)
      expect(await finishJob(open(), turn, { status: 'succeeded', report: {} })).toMatchObject({ status: 'succeeded' })
      expect(await getJob(open(), scope, job.id)).toMatchObject({ attempt: 2 * MAX_JOB_TRIES + 1 })
    })

    test('a title that comes too late for a person’s own changes nothing; tags of their own stay', async () => {
      const { user } = await newTeam(open())
      const made = { title: 'Made', tags: ['one', 'two'] }
      const named = await createSession(open(), user, { temporary: false })
      await updateSession(open(), user, named.id, { title: 'Mine' })
      expect(await setAutoTitle(open(), user, named.id, made)).toBe(false)
      expect(await getSession(open(), user, named.id)).toMatchObject({ title: 'Mine', titleSource: 'user', tags: [] })
      const tagged = await createSession(open(), user, { temporary: false, tags: ['own'] })
      expect(await setAutoTitle(open(), user, tagged.id, made)).toBe(true)
      expect(await setAutoTitle(open(), user, tagged.id, { ...made, title: 'Again' })).toBe(false)
      const seen = await getSession(open(), user, tagged.id)
      expect(seen).toMatchObject({ title: 'Made', titleSource: 'auto', tags: ['own'] })
    })

    test('what has expired goes, with its files', async () => {
      const { job, scope } = await make()
      const turn = await claimed(job)
      await writeOutput(open(), turn, { seq: 0, data: Buffer.from('x') })
      await finishJob(open(), turn, { status: 'succeeded', report: {}, lifeMs: -1 })
      expect(await dropExpiredJobs(open())).toBeGreaterThanOrEqual(1)
      await expect(getJob(open(), scope, job.id)).rejects.toMatchObject({ code: 'not_found' })
    })

    test('a conversation is imported once, and not at all by an attempt that is over', async () => {
      const { user } = await newTeam(open())
      const job = await createJob(open().db, user, { kind: 'import' })
      const turn = await claimed(job)
      const conversation = {
        key: `claude:${newId()}`,
        originalId: null,
        title: 'T',
        titleSource: null,
        createdAt: new Date(0),
        updatedAt: new Date(0),
        tags: ['A', 'a'],
        folder: 'F',
        pinned: false,
        archived: false,
        draft: '',
        activeLeafId: null,
        messages: [],
      }
      const bring = async (attempt: number) =>
        await importConversation(open(), user, { id: turn.id, attempt }, conversation, () => ({ done: 1 }))
      await expect(bring(turn.attempt + 1)).rejects.toMatchObject({ code: 'stale_attempt' })
      expect((await bring(turn.attempt)).outcome).toBe('imported')
      expect((await bring(turn.attempt)).outcome).toBe('already')
      const rows = await open().db.selectFrom('sessions').select('id').where('userId', '=', user.userId).execute()
      expect(rows).toHaveLength(1)
    })

    test('folders are imported with their times, those that are there stay, and by an attempt that is over none', async () => {
      const { user } = await newTeam(open())
      const turn = await claimed(await createJob(open().db, user, { kind: 'import' }))
      const createdAt = new Date('2025-03-04T05:06:07.890Z')
      const folders = [
        { name: 'Old', createdAt },
        { name: 'New', createdAt: null },
      ]
      const bring = async (attempt: number, given: typeof folders) =>
        await importFolders(open(), user, { id: turn.id, attempt }, given, (made) => ({ done: made }))
      await expect(bring(turn.attempt + 1, folders)).rejects.toMatchObject({ code: 'stale_attempt' })
      expect(await bring(turn.attempt, folders)).toBe(2)
      expect(await bring(turn.attempt, [{ name: 'OLD', createdAt: new Date(0) }, ...folders])).toBe(0)
      expect(await bring(turn.attempt, [])).toBe(0)
      const found = await listFolders(open(), user)
      expect(found.map(({ name }) => name)).toEqual(['New', 'Old'])
      expect(found[1]?.createdAt).toBe(createdAt.toISOString())
    })

    test('what is to be exported is listed with its size, in pages, and documents with what is known of them', async () => {
      const { user } = await newTeam(open())
      const actor = { ...user, requestId: newId(), address: '192.0.2.7', agent: 'a test' }
      const ids = []
      for (let at = 0; at < 3; at += 1) ids.push((await createSession(open(), actor, { temporary: false })).id)
      await createSession(open(), actor, { temporary: true })
      ids.sort()
      const [first, ...rest] = ids
      expect((await listExportable(open(), user, { after: null, limit: 1 })).map(({ id }) => id)).toEqual([first])
      const after = await listExportable(open(), user, { after: first ?? null, limit: 5 })
      expect(after).toEqual(rest.map((id) => ({ id, bytes: 0 })))
      expect(await countExportable(open(), user)).toBe(3)
      expect(await listExportableDocuments(open(), user)).toEqual([])
    })
  })
}
