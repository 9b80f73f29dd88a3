import { Readable } from 'node:stream'
import { AppError, jobView, pageOf, pageQuery, sessionExportQuery } from '@askwire/contracts'
import { askwireSession, toAskwireSession, toHtml, toMarkdown } from '@askwire/portability'
import { publishJob } from '@askwire/runs'
import {
  asScope,
  createJob,
  getJob,
  listJobs,
  outputBytes,
  readPieces,
  readSessionExport,
  recordActivity,
  requireSession,
  withScope,
} from '@askwire/store'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { actorOf } from '../principal.ts'
import { jobToView } from '../sessions/job-to-view.ts'
import { jobParams, sessionParams } from './params.ts'
import { defineRoute } from './route.ts'

const FORMATS = {
  markdown: { type: 'text/markdown; charset=utf-8', ending: 'md', render: toMarkdown },
  json: {
    type: 'application/json; charset=utf-8',
    ending: 'json',
    render: (session: object) => JSON.stringify(session, null, 1),
  },
  html: { type: 'text/html; charset=utf-8', ending: 'html', render: toHtml },
} as const

/** `/api/export`: all of it as an archive, or one session as a file. */
export function exportRoutes(app: FastifyInstance, context: GatewayContext): void {
  const { store, clock } = context

  defineRoute(app, {
    method: 'POST',
    url: '/api/export',
    creates: {},
    access: 'chat.read',
    tag: 'jobs',
    summary: 'Make an archive of all my sessions',
    responses: { 202: { description: 'The job that makes it.', schema: jobView } },
    handler: async ({ principal, scope, reply }) => {
      await context.limits.attempt('export', { address: principal.address, account: principal.userId })
      const job = await withScope(store, scope, async (db) => {
        const made = await createJob(db, scope, { kind: 'export' })
        await recordActivity(db, actorOf(principal), {
          action: 'session.export',
          targetType: 'job',
          targetId: made.id,
        })
        return made
      })
      void publishJob(context, job)
      return await reply.code(202).send(jobToView(job, clock.now()))
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/export',
    access: 'chat.read',
    tag: 'jobs',
    summary: 'My archives, newest first',
    query: pageQuery,
    responses: { 200: { description: 'A page of export jobs.', schema: pageOf(jobView) } },
    handler: async ({ scope, query }) =>
      await listJobs(store, scope, { ...query, kind: 'export' }, (job) => jobToView(job, clock.now())),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/export/:jobId/download',
    access: 'chat.read',
    tag: 'jobs',
    summary: 'Fetch an archive; for a day, by its owner only',
    params: jobParams,
    responses: { 200: { description: 'The archive.', contentType: 'application/zip', file: true } },
    handler: async ({ scope, params: { jobId }, reply }) => {
      const job = await getJob(store, scope, jobId)
      if (jobToView(job, clock.now()).downloadUrl === null)
        throw new AppError('not_found', 'There is no archive of this job.')
      const bytes = await outputBytes(store, scope, jobId)
      const day = job.createdAt.toISOString().slice(0, 10)
      attach(reply, `askwire-${day}.zip`, 'application/zip').header('content-length', bytes)
      return await reply.send(Readable.from(readPieces({ db: asScope(store, scope), jobId, role: 'output' })))
    },
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/sessions/:sessionId/export',
    access: 'chat.read',
    tag: 'sessions',
    summary: 'One session as Markdown, JSON or a page to print',
    params: sessionParams,
    query: sessionExportQuery,
    responses: {
      200: {
        description: 'The file.',
        schema: askwireSession,
        contentType: ['text/markdown', 'application/json', 'text/html'],
        file: true,
      },
    },
    handler: async ({ scope, params: { sessionId }, query, reply }) => {
      const { type, ending, render } = FORMATS[query.format]
      await requireSession(store, scope, sessionId)
      const session = toAskwireSession(await readSessionExport(store, scope, sessionId))
      attach(reply, `askwire-session-${sessionId}.${ending}`, type)
      return await reply.send(render(session))
    },
  })
}

/** As a file to be kept, never as a page of this site. */
function attach(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.headers({
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  })
}
