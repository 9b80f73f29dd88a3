import { AppError, type EditMessageRequest, type RegenerateRequest, type Scope } from '@askwire/contracts'
import { acceptQuestion, acceptRegeneration, findMessage, getMe, openSession, type PlacedMessage } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import { actorOf, type Principal, scopeOf } from '../principal.ts'
import { type AskedQuestion, asMember, howToRun, startRun } from '../start-run.ts'

/** Where it is asked again, and the key that makes two such requests one. */
export type Place = { sessionId: string; messageId: string; idempotencyKey: string | undefined }

const GO_ON = { en: 'Continue.', zh: '继续。' } as const

/** Asks a question differently: a new branch beside it, and a run. Throws as `askQuestion`, and `invalid_request` for an answer. */
export async function editQuestion(
  deps: GatewayContext,
  principal: Principal,
  { sessionId, messageId, idempotencyKey }: Place,
  edit: EditMessageRequest,
): Promise<AskedQuestion> {
  const { store } = deps
  const { scope, message: original } = await openMessage(deps, principal, { sessionId, messageId })
  if (original.role !== 'user') throw new AppError('invalid_request', 'Only questions can be edited.')
  const attachments = edit.attachments ?? original.attachments
  return await startRun(deps, { onBusy: edit.onBusy, trace: principal }, async () => ({
    scope,
    ...(await acceptQuestion(store, scope, {
      ...howToRun(deps, principal, edit, idempotencyKey),
      ...asMember(principal, scope, idempotencyKey),
      sessionId,
      message: edit.content,
      parentId: original.parentId,
      attachments,
      ...collectionsOf(original),
      record: {
        actor: actorOf(principal),
        activity: { action: 'message.edit', targetType: 'message', targetId: messageId, after: { sessionId } },
      },
    })),
  }))
}

/** Has a question answered once more, named by itself or by an answer of it. Throws as `askQuestion`. */
export async function regenerateAnswer(
  deps: GatewayContext,
  principal: Principal,
  { sessionId, messageId, idempotencyKey }: Place,
  how: RegenerateRequest,
): Promise<AskedQuestion> {
  const { scope, message } = await openMessage(deps, principal, { sessionId, messageId })
  const questionId = message.role === 'user' ? message.id : message.parentId
  if (questionId === null) throw new AppError('invalid_request', 'This answer has no question.')
  return await startRun(deps, { onBusy: how.onBusy, trace: principal }, async () => ({
    scope,
    ...(await acceptRegeneration(deps.store, scope, {
      ...howToRun(deps, principal, asBefore(how, message), idempotencyKey),
      ...collectionsOf(message),
      ...keyOf(asMember(principal, scope, idempotencyKey)),
      sessionId,
      questionId,
      actor: actorOf(principal),
    })),
  }))
}

/** Asks for more below an answer, in the person's language. Throws as `askQuestion`, and `invalid_request` for a question. */
export async function continueAnswer(
  deps: GatewayContext,
  principal: Principal,
  { sessionId, messageId, idempotencyKey }: Place,
  how: RegenerateRequest,
): Promise<AskedQuestion> {
  const { store } = deps
  const { scope, message: answer } = await openMessage(deps, principal, { sessionId, messageId })
  if (answer.role !== 'assistant') throw new AppError('invalid_request', 'Only answers can be continued.')
  const { language } = await getMe(store, scopeOf(principal))
  return await startRun(deps, { onBusy: how.onBusy, trace: principal }, async () => ({
    scope,
    ...(await acceptQuestion(store, scope, {
      ...howToRun(deps, principal, asBefore(how, answer), idempotencyKey),
      ...asMember(principal, scope, idempotencyKey),
      ...collectionsOf(answer),
      sessionId,
      message: GO_ON[language],
      parentId: messageId,
    })),
  }))
}

/** The message, in the scope of its session's owner, for who may ask there. Throws `not_found`. */
async function openMessage(
  { store }: GatewayContext,
  principal: Principal,
  { sessionId, messageId }: Pick<Place, 'sessionId' | 'messageId'>,
): Promise<{ scope: Scope; message: PlacedMessage }> {
  const scope = await openSession(store, scopeOf(principal), sessionId, 'edit')
  return { scope, message: await findMessage(store, scope, { sessionId, messageId }) }
}

/** By the model that answered before, unless another is wanted. */
const asBefore = (how: RegenerateRequest, { model }: PlacedMessage): RegenerateRequest => ({
  ...how,
  model: how.model ?? model ?? undefined,
})

/** What it was asked over. */
const collectionsOf = ({ collectionIds }: PlacedMessage): { collectionIds?: string[] } =>
  collectionIds ? { collectionIds } : {}

/** Who wants another answer is in the record; the question stays its author's. */
const keyOf = ({ idempotencyKey }: { idempotencyKey?: string }): { idempotencyKey?: string } =>
  idempotencyKey === undefined ? {} : { idempotencyKey }
