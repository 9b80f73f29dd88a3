import { jobsQuery, jobView, pageOf } from '@askwire/contracts'
import { cancelJob, getJob, listJobs } from '@askwire/store'
import type { FastifyInstance } from 'fastify'
import type { GatewayContext } from '../context.ts'
import { jobToView } from '../sessions/job-to-view.ts'
import { jobParams } from './params.ts'
import { defineRoute } from './route.ts'

/** `/api/jobs`: what is done for me in the background. */
export function jobRoutes(app: FastifyInstance, { store, clock }: GatewayContext): void {
  defineRoute(app, {
    method: 'GET',
    url: '/api/jobs',
    access: 'chat.read',
    tag: 'jobs',
    summary: 'My jobs, newest first',
    query: jobsQuery,
    responses: { 200: { description: 'A page of jobs.', schema: pageOf(jobView) } },
    handler: async ({ scope, query }) => await listJobs(store, scope, query, (job) => jobToView(job, clock.now())),
  })

  defineRoute(app, {
    method: 'GET',
    url: '/api/jobs/:jobId',
    access: 'chat.read',
    tag: 'jobs',
    summary: 'A job and how far it is',
    params: jobParams,
    responses: { 200: { description: 'The job.', schema: jobView } },
    handler: async ({ scope, params }) => jobToView(await getJob(store, scope, params.jobId), clock.now()),
  })

  defineRoute(app, {
    method: 'DELETE',
    url: '/api/jobs/:jobId',
    access: 'chat.ask',
    tag: 'jobs',
    summary: 'Stop a job; what it has done stays. An erasure cannot be stopped.',
    params: jobParams,
    responses: { 200: { description: 'The job as it ended.', schema: jobView } },
    handler: async ({ scope, params }) => jobToView(await cancelJob(store, scope, params.jobId), clock.now()),
  })
}
