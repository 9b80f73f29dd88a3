import { type Actor, AppError, newId, type SharedSnapshot } from '@askwire/contracts'
import type { Store } from '../store.ts'
import { type CopiedMessage, insertCopy } from './copy-messages.ts'

/** Copies a shared snapshot into a new session of one's own, as messages that were not made here; answers its id. */
export async function copySnapshot(store: Store, by: Actor, { title, messages }: SharedSnapshot): Promise<string> {
  const copied: CopiedMessage[] = []
  for (const { role, content, createdAt } of messages)
    copied.push({
      ...{ id: newId(), parentId: copied.at(-1)?.id ?? null, role, content, createdAt: new Date(createdAt) },
      ...{ partial: false, model: null, resources: [], attachments: [], imported: true },
    })
  const leaf = copied.at(-1)
  if (!leaf) throw new AppError('invalid_request', 'There is nothing to copy.')
  return await insertCopy(store, by, { title, titleSource: null, forkedFrom: null, messages: copied, leafId: leaf.id })
}
