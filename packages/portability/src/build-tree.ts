import { MAX_MESSAGE_CHARS, MAX_MESSAGES } from './limits.ts'
import { type NeutralMessage, Unreadable } from './neutral.ts'

/** A node of a foreign tree. `said` is null for what is no message to a person: system texts, tool calls, empty roots. */
export type RawNode = {
  id: string
  parentId: string | null
  createdAt: Date | null
  said: (Pick<NeutralMessage, 'role' | 'content'> & Partial<NeutralMessage>) | null
}

/**
 * The messages of a tree, parents first. What is not said to a person is taken out and its children hang where it hung. A node whose parent
 * is not there is a root; none is older than `fallback`. Throws `Unreadable` for a tree that is none, is too large, or holds nothing.
 */
export function buildTree(nodes: readonly RawNode[], fallback: Date, { max = MAX_MESSAGES } = {}): NeutralMessage[] {
  if (nodes.length > max * 3) throw new Unreadable('too_many_messages', { max })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  if (byId.size !== nodes.length) throw new Unreadable('same_id')
  const children = new Map<string | null, RawNode[]>()
  for (const node of nodes) {
    const parent = node.parentId !== null && byId.has(node.parentId) ? node.parentId : null
    const siblings = children.get(parent)
    if (siblings) siblings.push(node)
    else children.set(parent, [node])
  }
  const messages: NeutralMessage[] = []
  const waiting = (children.get(null) ?? []).map((node) => ({ node, parentId: null as string | null, after: fallback }))
  let seen = 0
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    seen += 1
    const { node, parentId, after } = next
    const createdAt = laterOf(node.createdAt, after)
    if (node.said) messages.push(toMessage(node, parentId, createdAt))
    const below = { parentId: node.said ? node.id : parentId, after: createdAt }
    for (const child of children.get(node.id) ?? []) waiting.push({ node: child, ...below })
  }
  if (seen !== nodes.length) throw new Unreadable('circle')
  if (messages.length > max) throw new Unreadable('too_many_messages', { max })
  if (messages.length === 0) throw new Unreadable('no_messages')
  return messages
}

/** The nearest message at or above a node: what was open when the node itself is not a message. */
export function keptLeaf(nodes: readonly RawNode[], leafId: string | null): string | null {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const seen = new Set<string>()
  for (let at = leafId; at !== null && !seen.has(at); ) {
    seen.add(at)
    const node = byId.get(at)
    if (!node) return null
    if (node.said) return node.id
    at = node.parentId
  }
  return null
}

function toMessage({ id, said }: RawNode, parentId: string | null, createdAt: Date): NeutralMessage {
  if (!said) throw new Unreadable('no_messages')
  if (said.content.length > MAX_MESSAGE_CHARS) throw new Unreadable('message_too_long', { max: MAX_MESSAGE_CHARS })
  return {
    model: null,
    feedback: null,
    summary: null,
    partial: false,
    usage: null,
    finishReason: null,
    resources: [],
    attachments: [],
    steps: null,
    run: null,
    ...said,
    id,
    parentId,
    createdAt,
  }
}

/** No message is older than what it hangs on, whatever the other product's clock said. */
function laterOf(time: Date | null, after: Date): Date {
  return time && time.getTime() > after.getTime() ? time : after
}
