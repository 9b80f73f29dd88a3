import type { MessageView } from '@askwire/contracts'

/** One way through a session: its last message, and what was asked last on it. */
export type Branch = { leafId: string; question: string; at: string }

type Node = Pick<MessageView, 'id' | 'parentId' | 'role' | 'content' | 'createdAt'>

/** The branches of a session's messages, the one written to last first. */
export function listBranches(messages: readonly Node[]): Branch[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const parents = new Set(messages.map(({ parentId }) => parentId))
  return messages
    .filter(({ id }) => !parents.has(id))
    .map((leaf) => ({ leafId: leaf.id, question: lastQuestion(leaf, byId), at: leaf.createdAt }))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

function lastQuestion(leaf: Node, byId: ReadonlyMap<string, Node>): string {
  let node: Node | undefined = leaf
  while (node && node.role !== 'user') node = node.parentId === null ? undefined : byId.get(node.parentId)
  return node?.content ?? leaf.content
}
