import type { FolderView, JobView, MessageView, Page, SessionDetail, ShareView } from '@askwire/contracts'
import { ask } from '../client.ts'
import { jobEnd } from '../jobs.ts'
import { must } from './cast.ts'
import { markOf, type Owner } from './owners.ts'
import type { ThingKind } from './rules.ts'

type Params = Record<string, string>

/** Opens a session to each colleague of its owner, with what they are to have of it. */
export async function openToColleagues(url: string, { person, colleagues }: Owner, sessionId: string): Promise<void> {
  for (const [userId, access] of colleagues)
    await must(person, 'POST', `${url}/api/sessions/${sessionId}/members`, { userId, access })
}

/**
 * Makes sessions and what belongs to them, a new one each time: a copy of the owner's finished session, since the worker has no
 * place left to answer. What nobody can change by using it (an archive, the key of a share) is made once.
 */
export async function createSessionThings(
  url: string,
  owners: readonly Owner[],
  finishedOf: (owner: Owner) => Params | undefined,
): Promise<(owner: Owner, kind: ThingKind) => Promise<Params | undefined>> {
  const post = async <T>({ person }: Owner, path: string, json: object = {}): Promise<T> =>
    await must<T>(person, 'POST', `${url}${path}`, json)

  const copy = async (owner: Owner, isOpen = true): Promise<Params> => {
    const { sessionId, answerId } = finishedOf(owner) ?? {}
    const { id } = await post<SessionDetail>(owner, `/api/sessions/${sessionId}/fork`, { messageId: answerId })
    const { items } = await must<Page<MessageView>>(owner.person, 'GET', `${url}/api/sessions/${id}/messages`)
    if (isOpen) await openToColleagues(url, owner, id)
    const idOf = (wanted: MessageView['role']): string => items.find(({ role }) => role === wanted)?.id ?? ''
    return { sessionId: id, questionId: idOf('user'), answerId: idOf('assistant'), userId: owner.victim.user.id }
  }
  /** The first question waits for the worker, and the second for the first. */
  const wait = async (owner: Owner): Promise<Params> => {
    const message = `And what is ${markOf(owner.person)} for?`
    const { sessionId } = await ask(url, { message, model: 'fake?count=3' }, owner.person.auth)
    await openToColleagues(url, owner, sessionId)
    const { runId } = await ask(url, { message, model: 'fake?count=3', sessionId }, owner.person.auth)
    return { sessionId, runId }
  }
  const share = async (owner: Owner): Promise<Params> => {
    const { sessionId = '' } = await copy(owner)
    const { id, url: address } = await post<ShareView & { url: string }>(owner, `/api/sessions/${sessionId}/share`)
    return { sessionId, shareId: id, key: address.split('/').at(-1) ?? '' }
  }
  const archive = async (owner: Owner): Promise<Params> => {
    const { id } = await must<JobView>(owner.person, 'POST', `${url}/api/export`)
    const { status } = await jobEnd(url, id, owner.person.auth)
    if (status !== 'succeeded') throw new Error(`the archive of ${owner.name} has ${status}`)
    return { jobId: id }
  }

  const lasting = new Map<Owner, Params>()
  for (const owner of owners) {
    const { sessionId } = finishedOf(owner) ?? {}
    await must(owner.person, 'PATCH', `${url}/api/sessions/${sessionId}`, { title: markOf(owner.person) })
    lasting.set(owner, { ...(await share(owner)), ...(await archive(owner)) })
  }

  return async (owner, kind) => {
    switch (kind) {
      case 'session':
        return await copy(owner)
      case 'private session':
        return await copy(owner, false)
      case 'question':
      case 'answer': {
        const made = await copy(owner)
        return { ...made, messageId: made[`${kind}Id`] ?? '' }
      }
      case 'deleted session': {
        const made = await copy(owner)
        await must(owner.person, 'DELETE', `${url}/api/sessions/${made.sessionId}`)
        return made
      }
      case 'session member': {
        const made = await copy(owner)
        await post(owner, `/api/sessions/${made.sessionId}/members`, { userId: made.userId, access: 'view' })
        return made
      }
      case 'waiting run':
        return await wait(owner)
      case 'share':
        return await share(owner)
      case 'folder':
        return {
          folderId: (
            await post<FolderView>(owner, '/api/folders', { name: `${markOf(owner.person)} ${Math.random()}` })
          ).id,
        }
      case 'archive':
      case 'share key':
        return lasting.get(owner)
      default:
        return undefined
    }
  }
}
