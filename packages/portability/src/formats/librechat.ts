import type { PortableFeedback } from '@askwire/contracts'
import { z } from 'zod'
import { buildTree, type RawNode } from '../build-tree.ts'
import { MAX_MESSAGES } from '../limits.ts'
import { type NeutralConversation, Unreadable } from '../neutral.ts'
import { id, text, time, toDate, toModel, toTags, toTitle } from './fields.ts'

const message = z.looseObject({
  messageId: id,
  parentMessageId: id.nullish(),
  isCreatedByUser: z.boolean().nullish(),
  sender: text,
  text,
  content: z.union([z.string(), z.array(z.looseObject({ type: text, text: z.unknown() }))]).nullish(),
  model: text,
  createdAt: time,
  unfinished: z.boolean().nullish(),
  feedback: z.looseObject({ rating: z.enum(['thumbsUp', 'thumbsDown']), text }).nullish(),
  children: z.array(z.unknown()).nullish(),
})
const conversation = z.looseObject({
  conversationId: id,
  title: text,
  exportAt: text,
  createdAt: time,
  updatedAt: time,
  tags: z.array(z.unknown()).nullish(),
  isArchived: z.boolean().nullish(),
  options: z.looseObject({ model: text }).nullish(),
  messages: z.array(z.unknown()),
})

/** LibreChat's export of one conversation: a list, or messages nested in each other (`recursive`). */
export function readLibreChat(value: unknown): NeutralConversation {
  const found = conversation.parse(value)
  const nodes = flatten(found.messages).map((one): RawNode => {
    const parentId = one.parentMessageId ?? null
    return {
      id: one.messageId,
      parentId,
      createdAt: toDate(one.createdAt),
      said: toSaid(one, toModel(found.options?.model)),
    }
  })
  const times = nodes.flatMap(({ createdAt }) => createdAt?.getTime() ?? [])
  const first = times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY)
  const createdAt = toDate(found.createdAt) ?? (Number.isFinite(first) ? new Date(first) : new Date(0))
  const messages = buildTree(nodes, createdAt)
  return {
    format: 'librechat',
    key: `librechat:${found.conversationId}`,
    originalId: null,
    title: toTitle(found.title),
    titleSource: 'auto',
    createdAt,
    updatedAt: toDate(found.updatedAt) ?? messages.at(-1)?.createdAt ?? createdAt,
    tags: toTags(found.tags),
    folder: null,
    pinned: false,
    archived: found.isArchived === true,
    draft: '',
    activeLeafId: null,
    messages,
  }
}

/** Nested messages as a list; not by recursion, which a file could exhaust. */
function flatten(messages: readonly unknown[]): z.infer<typeof message>[] {
  const found: z.infer<typeof message>[] = []
  const waiting = messages.map((value) => ({ value, below: null as string | null }))
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const one = message.parse(next.value)
    found.push({ ...one, parentMessageId: one.parentMessageId ?? next.below })
    for (const child of one.children ?? []) waiting.push({ value: child, below: one.messageId })
    if (found.length + waiting.length > MAX_MESSAGES * 2)
      throw new Unreadable('too_many_messages', { max: MAX_MESSAGES })
  }
  return found
}

function toSaid(one: z.infer<typeof message>, model: string | null): RawNode['said'] {
  const content = textOf(one.content) || (one.text ?? '').trim()
  if (content === '') return null
  if (one.isCreatedByUser ?? one.sender?.toLowerCase() === 'user') return { role: 'user', content }
  return {
    role: 'assistant',
    content,
    model: toModel(one.model) ?? model,
    partial: one.unfinished === true,
    feedback: one.feedback ? toFeedback(one.feedback) : null,
  }
}

function textOf(content: z.infer<typeof message>['content']): string {
  if (typeof content === 'string') return content.trim()
  const parts = (content ?? []).map(({ type, text: said }) => {
    if (type !== 'text') return ''
    return typeof said === 'string' ? said : String((said as { value?: unknown } | null)?.value ?? '')
  })
  return parts.join('').trim()
}

function toFeedback({
  rating,
  text: comment,
}: {
  rating: string
  text?: string | null | undefined
}): PortableFeedback<Date> {
  return {
    rating: rating === 'thumbsUp' ? 'up' : 'down',
    reason: null,
    comment: comment ? comment.slice(0, 2000) : null,
  }
}
