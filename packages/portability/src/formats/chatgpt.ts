import { z } from 'zod'
import { buildTree, keptLeaf, type RawNode } from '../build-tree.ts'
import { type NeutralConversation, Unreadable } from '../neutral.ts'
import { id, text, time, toDate, toModel, toTitle } from './fields.ts'

const message = z.looseObject({
  author: z.looseObject({ role: z.string() }),
  recipient: text,
  create_time: time,
  content: z.looseObject({ content_type: text, parts: z.array(z.unknown()).nullish(), text }).nullish(),
  metadata: z.looseObject({ model_slug: text, is_visually_hidden_from_conversation: z.boolean().nullish() }).nullish(),
})
const node = z.looseObject({ id, parent: id.nullish(), message: message.nullish() })
const conversation = z.looseObject({
  id: id.optional(),
  conversation_id: id.optional(),
  title: text,
  create_time: time,
  update_time: time,
  current_node: id.nullish(),
  mapping: z.record(z.string(), node),
  is_archived: z.boolean().nullish(),
})

/** ChatGPT's export: `conversations.json`, each conversation a tree in `mapping`. */
export function readChatGpt(value: unknown): NeutralConversation {
  const found = conversation.parse(value)
  const createdAt = toDate(found.create_time) ?? new Date(0)
  const nodes = Object.values(found.mapping).map(toNode)
  const original = found.conversation_id ?? found.id
  if (original === undefined) throw new Unreadable('no_id')
  return {
    format: 'chatgpt',
    key: `chatgpt:${original}`,
    originalId: null,
    title: toTitle(found.title),
    titleSource: 'auto',
    createdAt,
    updatedAt: toDate(found.update_time) ?? createdAt,
    tags: [],
    folder: null,
    pinned: false,
    archived: found.is_archived === true,
    draft: '',
    activeLeafId: keptLeaf(nodes, found.current_node ?? null),
    messages: buildTree(nodes, createdAt),
  }
}

function toNode({ id: nodeId, parent, message: said }: z.infer<typeof node>): RawNode {
  return {
    id: nodeId,
    parentId: parent ?? null,
    createdAt: toDate(said?.create_time),
    said: said ? toSaid(said) : null,
  }
}

/** What was said to a person: not the system's texts, calls of tools and their results, and what the product itself hides. */
function toSaid({ author, recipient, content, metadata }: z.infer<typeof message>): RawNode['said'] {
  const { role } = author
  if (role !== 'user' && role !== 'assistant') return null
  if (recipient && recipient !== 'all') return null
  if (metadata?.is_visually_hidden_from_conversation) return null
  const parts = (content?.parts ?? []).flatMap((part) => toText(part))
  const said = (parts.length > 0 ? parts.join('\n') : (content?.text ?? '')).trim()
  return said === ''
    ? null
    : { role, content: said, model: role === 'assistant' ? toModel(metadata?.model_slug) : null }
}

const asset = z.looseObject({ content_type: text, text })

function toText(part: unknown): string[] {
  if (typeof part === 'string') return part === '' ? [] : [part]
  const known = asset.safeParse(part).data
  if (known?.text) return [known.text]
  return known?.content_type?.startsWith('image') ? ['[image]'] : []
}
