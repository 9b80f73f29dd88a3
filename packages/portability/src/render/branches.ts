import type { AskwireMessage, AskwireSession } from '../askwire-session.ts'

/** A stretch of a conversation: the open branch first, then what was said in each of the others after it parted. */
export type Branch = { after: string | null; messages: AskwireMessage[] }

/** The tree of a session as stretches to be read one after the other; every message is in one of them. */
export function branchesOf({ messages, activeLeafId }: Pick<AskwireSession, 'messages' | 'activeLeafId'>): Branch[] {
  const byId = new Map(messages.map((message) => [message.id, message]))
  const hasChild = new Set(messages.flatMap(({ parentId }) => parentId ?? []))
  const leaves = messages.filter(({ id }) => !hasChild.has(id)).map(({ id }) => id)
  const open = activeLeafId !== null && byId.has(activeLeafId) ? activeLeafId : messages.at(-1)?.id
  const told = new Set<string>()
  const branches: Branch[] = []
  for (const leaf of [...(open === undefined ? [] : [open]), ...leaves]) {
    const path: AskwireMessage[] = []
    let at = byId.get(leaf)
    while (at && !told.has(at.id)) {
      told.add(at.id)
      path.push(at)
      at = at.parentId === null ? undefined : byId.get(at.parentId)
    }
    if (path.length > 0) branches.push({ after: at?.id ?? null, messages: path.reverse() })
  }
  return branches
}
