import { type GroupView, type JobView, newId, type RoleView, type ShareView, type TenantView } from '@askwire/contracts'
import { waitFor } from '@askwire/testing'
import { must } from './access/cast.ts'
import { ask, getRun } from './client.ts'
import type { There } from './hostile.ts'
import { jobEnd } from './jobs.ts'
import { type Person, signUp } from './sign-up.ts'

/** Some are deleted on the way. */
const SESSIONS = 6

/** Things for a fuzzer to ask about, all of one owner: sessions with a question and its answer, and one of everything else. */
export async function makeThings(url: string, owner: Person): Promise<There[]> {
  const post = async <T>(path: string, json?: object): Promise<T> => await must<T>(owner, 'POST', `${url}${path}`, json)
  const { user: victim } = await signUp(url, 'victim@example.org')
  const role = await post<RoleView>('/api/roles', { name: 'Role', permissions: [] })
  const group = await post<GroupView>('/api/groups', { name: 'Group', roleId: role.id })
  const tenant = await post<TenantView>('/api/tenants', { name: 'Tenant' })
  const folder = await post<{ id: string }>('/api/folders', { name: 'Folder' })
  const asked = []
  for (let at = 0; at < SESSIONS; at += 1) asked.push(await ask(url, { message: 'What is here?' }, owner.auth))
  const job = await post<JobView>('/api/export')
  await jobEnd(url, job.id, owner.auth)

  const things: There[] = []
  for (const [at, { sessionId, runId, questionId }] of asked.entries()) {
    const ended = async () => (await getRun(url, runId, owner.auth)).answerId
    await waitFor(async () => (await ended()) !== null, { what: 'the answer' })
    const share = await post<ShareView & { url: string }>(`/api/sessions/${sessionId}/share`, {})
    const messageId = at % 2 === 0 ? questionId : ((await ended()) ?? '')
    const named = {
      ...{ sessionId, runId, messageId, parentId: messageId, activeLeafId: messageId, leafId: messageId },
      ...{ ids: [sessionId], runIds: [runId], folderId: folder.id, shareId: share.id, jobId: job.id },
      key: share.url.split('/').at(-1),
      ...{ userId: victim.id, roleId: role.id, groupId: group.id, tenantId: tenant.id },
    }
    things.push({ ids: [...Object.values(named).flat(), newId()].map(String), named })
  }
  return things
}
