import type { PortableFeedback } from '@askwire/contracts'
import { z } from 'zod'
import { buildTree, keptLeaf, type RawNode } from '../build-tree.ts'
import { type NeutralConversation, Unreadable } from '../neutral.ts'
import { id, text, time, toDate, toModel, toTags, toTitle } from './fields.ts'

const message = z.looseObject({
  id,
  parentId: id.nullish(),
  role: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: text, text }))]).nullish(),
  timestamp: time,
  model: text,
  done: z.boolean().nullish(),
  annotation: z.looseObject({ rating: z.union([z.number(), z.string()]).nullish(), comment: text }).nullish(),
})
const conversation = z.looseObject({
  id: id.optional(),
  title: text,
  created_at: time,
  updated_at: time,
  pinned: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  meta: z.looseObject({ tags: z.array(z.unknown()).nullish() }).nullish(),
  chat: z.looseObject({
    id: id.optional(),
    title: text,
    timestamp: time,
    tags: z.array(z.unknown()).nullish(),
    history: z.looseObject({ currentId: id.nullish(), messages: z.record(z.string(), message) }),
  }),
})

/** Open WebUI's export: each chat a tree in `chat.history.messages`. */
export function readOpenWebUi(value: unknown): NeutralConversation {
  const { chat, ...found } = conversation.parse(value)
  const original = found.id ?? chat.id
  if (original === undefined) throw new Unreadable('no_id')
  const createdAt = toDate(found.created_at) ?? toDate(chat.timestamp) ?? new Date(0)
  const nodes = Object.values(chat.history.messages).map(
    (one): RawNode => ({
      id: one.id,
      parentId: one.parentId ?? null,
      createdAt: toDate(one.timestamp),
      said: toSaid(one),
    }),
  )
  return {
    format: 'open-webui',
    key: `open-webui:${original}`,
    originalId: null,
    title: toTitle(found.title ?? chat.title),
    titleSource: 'auto',
    createdAt,
    updatedAt: toDate(found.updated_at) ?? createdAt,
    tags: toTags([...(chat.tags ?? []), ...(found.meta?.tags ?? [])]),
    folder: null,
    pinned: found.pinned === true,
    archived: found.archived === true,
    draft: '',
    activeLeafId: keptLeaf(nodes, chat.history.currentId ?? null),
    messages: buildTree(nodes, createdAt),
  }
}

function toSaid({ role, content, model, done, annotation }: z.infer<typeof message>): RawNode['said'] {
  if (role !== 'user' && role !== 'assistant') return null
  const said = (
    typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join('\n')
  ).trim()
  if (said === '') return null
  if (role === 'user') return { role, content: said }
  return { role, content: said, model: toModel(model), partial: done === false, feedback: toFeedback(annotation) }
}

function toFeedback(annotation: z.infer<typeof message>['annotation']): PortableFeedback<Date> | null {
  const rating = Number(annotation?.rating)
  if (rating !== 1 && rating !== -1) return null
  return { rating: rating === 1 ? 'up' : 'down', reason: null, comment: annotation?.comment?.slice(0, 2000) || null }
}
