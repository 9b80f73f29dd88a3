import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Accepted,
  type CreatedToken,
  type GroupView,
  type InvitationView,
  type LoginView,
  newId,
  type Page,
  type RoleView,
  type TenantView,
} from '@askwire/contracts'
import { storeDeadLetter } from '@askwire/store'
import { waitFor } from '@askwire/testing'
import { getRun } from '../client.ts'
import { signIn } from '../sign-up.ts'
import type { Stack } from '../stack.ts'
import { type Cast, must } from './cast.ts'
import { markOf, type Owner } from './owners.ts'
import type { MemberAccess, Thing, ThingKind } from './rules.ts'
import { createSessionThings, openToColleagues } from './session-things.ts'

/** Makes things of an owner. Chats are made once, in this order: finished, running (which take all of the worker), queued. */
export async function createThingMaker(stack: Stack, cast: Cast, owners: readonly Owner[]) {
  const url = stack.urls[0] ?? ''
  const chats = new Map<Owner, Map<ThingKind, Record<string, string>>>(owners.map((owner) => [owner, new Map()]))
  const ask = async (owner: Owner, model: string): Promise<Accepted> =>
    await must<Accepted>(owner.person, 'POST', `${url}/api/chat`, {
      message: `What is ${markOf(owner.person)}?`,
      model,
    })
  const keep = async (owner: Owner, state: 'finished' | 'running' | 'queued', model: string): Promise<void> => {
    const { runId, sessionId, questionId } = await ask(owner, model)
    const wanted = { finished: 'succeeded', running: 'running', queued: 'queued' }[state]
    await waitFor(async () => (await getRun(url, runId, owner.person.auth)).status === wanted, {
      what: `a ${state} run`,
      timeoutMs: 20_000,
    })
    await openToColleagues(url, owner, sessionId)
    const { answerId } = await getRun(url, runId, owner.person.auth)
    const params = { runId, sessionId, messageId: questionId, answerId: answerId ?? '' }
    chats.get(owner)?.set(`${state} session`, params).set(`${state} run`, params)
  }
  for (const owner of owners) await keep(owner, 'finished', 'fake?count=3')
  for (const owner of owners) await keep(owner, 'running', 'fake?count=100000&interval=50')
  for (const owner of owners) await keep(owner, 'queued', 'fake?count=3')

  const documents = new Map<Owner, Record<string, string>>()
  for (const owner of owners) documents.set(owner, await addDocument(stack, owner))

  const sessionParams = await createSessionThings(url, owners, (owner) => chats.get(owner)?.get('finished session'))

  const privateParams = async (owner: Owner, kind: ThingKind): Promise<Record<string, string> | undefined> => {
    const { person } = owner
    switch (kind) {
      case 'queued run': {
        const { runId, sessionId } = await ask(owner, 'fake?count=3')
        await openToColleagues(url, owner, sessionId)
        return { runId }
      }
      case 'chunk':
        return documents.get(owner)
      case 'login': {
        const again = await signIn(url, person.email)
        const { items } = await must<Page<LoginView>>(again, 'GET', `${url}/api/auth/logins`)
        return { loginId: items.find(({ current }) => current)?.id ?? '' }
      }
      case 'token': {
        const json = { name: 'To be deleted', scopes: ['read'] }
        return { tokenId: (await must<CreatedToken>(person, 'POST', `${url}/api/tokens`, json)).id }
      }
      default:
        return chats.get(owner)?.get(kind) ?? (await sessionParams(owner, kind))
    }
  }
  const tenantParams = async (owner: Owner, kind: ThingKind): Promise<Record<string, string> | undefined> => {
    const { admin, victim } = owner
    const make = async <T>(path: string, json: object): Promise<T> =>
      await must<T>(admin, 'POST', `${url}${path}`, json)
    const role = async () => await make<RoleView>('/api/roles', { name: newId(), permissions: [] })
    const group = async () => await make<GroupView>('/api/groups', { name: newId(), roleId: (await role()).id })
    const userId = victim.user.id
    switch (kind) {
      case 'user':
        return { userId }
      case 'role':
        return { roleId: (await role()).id }
      case 'group':
        return { groupId: (await group()).id, userId }
      case 'member': {
        const { id: groupId } = await group()
        await make(`/api/groups/${groupId}/members`, { userId })
        return { groupId, userId }
      }
      case 'invitation':
        return { invitationId: (await make<InvitationView>('/api/invitations', {})).id }
      default:
        return undefined
    }
  }
  const installationParams = async (kind: ThingKind): Promise<Record<string, string> | undefined> => {
    if (kind === 'tenant')
      return { tenantId: (await must<TenantView>(cast.root, 'POST', `${url}/api/tenants`, { name: newId() })).id }
    if (kind !== 'dead letter') return undefined
    const body = Buffer.from(newId())
    return {
      letterId: (await storeDeadLetter(stack.deps.store, { reason: 'malformed', messageId: newId(), body, deaths: [] }))
        .id,
    }
  }

  return async (owner: Owner, kind: ThingKind): Promise<Thing> => {
    const members = kind === 'private session' ? new Map<string, MemberAccess>() : owner.colleagues
    const whose = { tenantId: owner.tenantId, userId: owner.person.user.id, members }
    const own = await privateParams(owner, kind)
    // A share is for whoever has its key.
    if (own) return { params: own, seenBy: kind === 'share key' ? 'installation' : 'user', ...whose }
    const ofTenant = await tenantParams(owner, kind)
    if (ofTenant) return { params: ofTenant, seenBy: 'tenant', ...whose }
    const ofAll = await installationParams(kind)
    if (ofAll) return { params: ofAll, seenBy: 'installation', ...whose }
    throw new Error(`nobody makes a ${kind}`)
  }
}

async function addDocument(stack: Stack, owner: Owner): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'askwire-access-'))
  await writeFile(join(folder, 'note.md'), `# A note\n\nThis is ${markOf(owner.person)}.\n`)
  await stack.index(folder, { tenantId: owner.tenantId, userId: owner.person.user.id })
  const chunk = await stack.deps.store.db
    .selectFrom('chunks')
    .select(['id', 'documentId'])
    .where('userId', '=', owner.person.user.id)
    .executeTakeFirstOrThrow()
  return { documentId: chunk.documentId, chunkId: chunk.id }
}
