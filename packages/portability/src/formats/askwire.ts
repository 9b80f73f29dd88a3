import { askwireSession } from '../askwire-session.ts'
import { buildTree, keptLeaf } from '../build-tree.ts'
import type { NeutralConversation } from '../neutral.ts'
import { toTags, toTitle } from './fields.ts'

/** A session as another Askwire, or this one, exported it. */
export function readAskwire(value: unknown): NeutralConversation {
  const { messages, ...found } = askwireSession.parse(value)
  const createdAt = new Date(found.createdAt)
  const nodes = messages.map(({ id, parentId, createdAt: at, feedback, ...said }) => ({
    id,
    parentId,
    createdAt: new Date(at),
    said: { ...said, feedback: feedback && { ...feedback, at: feedback.at ? new Date(feedback.at) : null } },
  }))
  return {
    format: 'askwire',
    key: found.importKey ?? `askwire:${found.id}`,
    originalId: found.id,
    title: toTitle(found.title),
    titleSource: found.titleSource,
    createdAt,
    updatedAt: new Date(found.updatedAt),
    tags: toTags(found.tags),
    folder: toTitle(found.folder)?.slice(0, 100) ?? null,
    pinned: found.pinned,
    archived: found.archived,
    draft: found.draft,
    activeLeafId: keptLeaf(nodes, found.activeLeafId),
    // An empty session is a session; elsewhere it would be a mistake.
    messages: nodes.length === 0 ? [] : buildTree(nodes, createdAt),
  }
}
