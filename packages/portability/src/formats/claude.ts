import { z } from 'zod'
import { buildTree, type RawNode } from '../build-tree.ts'
import type { NeutralConversation } from '../neutral.ts'
import { id, text, time, toDate, toModel, toTitle } from './fields.ts'

const message = z.looseObject({
  uuid: id,
  sender: z.enum(['human', 'assistant']),
  text,
  content: z.array(z.looseObject({ type: z.string(), text })).nullish(),
  created_at: time,
  parent_message_uuid: id.nullish(),
})
const conversation = z.looseObject({
  uuid: id,
  name: text,
  model: text,
  created_at: time,
  updated_at: time,
  current_leaf_message_uuid: id.nullish(),
  chat_messages: z.array(message),
})

/** Claude's export: `conversations.json`. Older ones are plain lists, newer ones name each message's parent. */
export function readClaude(value: unknown): NeutralConversation {
  const found = conversation.parse(value)
  const createdAt = toDate(found.created_at) ?? new Date(0)
  const known = new Set(found.chat_messages.map(({ uuid }) => uuid))
  const nodes = found.chat_messages.map((one, at): RawNode => {
    const named = one.parent_message_uuid
    const before = found.chat_messages[at - 1]?.uuid ?? null
    const parentId = named === undefined || named === null ? before : known.has(named) ? named : null
    return { id: one.uuid, parentId, createdAt: toDate(one.created_at), said: toSaid(one, toModel(found.model)) }
  })
  return {
    format: 'claude',
    key: `claude:${found.uuid}`,
    originalId: null,
    title: toTitle(found.name),
    titleSource: 'auto',
    createdAt,
    updatedAt: toDate(found.updated_at) ?? createdAt,
    tags: [],
    folder: null,
    pinned: false,
    archived: false,
    draft: '',
    activeLeafId: found.current_leaf_message_uuid ?? null,
    messages: buildTree(nodes, createdAt),
  }
}

function toSaid({ sender, text: plain, content }: z.infer<typeof message>, model: string | null): RawNode['said'] {
  const blocks = (content ?? []).flatMap((block) => (block.type === 'text' && block.text ? [block.text] : []))
  const said = (blocks.length > 0 ? blocks.join('\n\n') : (plain ?? '')).trim()
  if (said === '') return null
  return sender === 'human' ? { role: 'user', content: said } : { role: 'assistant', content: said, model }
}
