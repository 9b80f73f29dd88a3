import { askwireSession } from '../askwire-session.ts'
import { buildTree, keptLeaf } from '../build-tree.ts'
import { MAX_OWN_MESSAGES, MAX_TAG_CHARS, MAX_TITLE_CHARS } from '../limits.ts'
import type { NeutralConversation } from '../neutral.ts'
import { toLine, toTags } from './fields.ts'

const MAX_FOLDER_CHARS = 100

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
    title: toLine(found.title, MAX_TITLE_CHARS),
    titleSource: found.titleSource,
    createdAt,
    updatedAt: new Date(found.updatedAt),
    tags: toTags(found.tags, (tag) => toLine(tag, MAX_TAG_CHARS)),
    folder: toLine(found.folder, MAX_FOLDER_CHARS),
    pinned: found.pinned,
    archived: found.archived,
    draft: found.draft,
    activeLeafId: keptLeaf(nodes, found.activeLeafId),
    // An empty session is a session; elsewhere it would be a mistake. The messages of a fork are older than it is.
    messages: nodes.length === 0 ? [] : buildTree(nodes, new Date(0), { max: MAX_OWN_MESSAGES }),
  }
}
