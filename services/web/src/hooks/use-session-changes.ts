import type { SessionView } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../api/sessions-api.ts'
import type { BulkChange } from '../components/sidebar/bulk-bar.tsx'
import type { SessionChange } from '../components/sidebar/session-row.tsx'
import { type Action, useAction } from './use-action.ts'
import type { SessionList } from './use-session-list.ts'

/** What has just been deleted, and how that is said. */
export type Deleted = { ids: string[]; text: string }

export type SessionChanges = {
  action: Action
  deleted: Deleted | undefined
  change(session: SessionView, what: SessionChange): void
  /** Does one thing to several; rejects when it was not done. */
  changeAll(ids: readonly string[], change: BulkChange): Promise<void>
  undo(): void
  dismissUndo(): void
}

/** What is done to sessions of a list, one or several, and shown in it. `onGone` is told what can be shown no more. */
export function useSessionChanges(list: SessionList, onGone: (ids: readonly string[]) => void): SessionChanges {
  const { t } = useTranslation()
  const { show, look, reload } = list
  const [deleted, setDeleted] = useState<Deleted>()
  const action = useAction()

  const remove = async ({ id, title }: SessionView): Promise<void> => {
    await api.deleteSession(id)
    setDeleted({ ids: [id], text: t('sessions.deleted', { title: title ?? t('nav.untitled') }) })
    look(id)
    onGone([id])
  }
  const restore = async ({ ids }: Deleted): Promise<void> => {
    await api.changeSessions({ action: 'restore', ids })
    setDeleted(undefined)
    reload()
  }
  return {
    action,
    deleted,
    change: (session, what) =>
      void action.run(async () => {
        if (what === 'delete') await remove(session)
        else if (what === 'restore') show(await api.restoreSession(session.id))
        else show(await api.updateSession(session.id, what))
      }),
    changeAll: async (picked, change) => {
      const ids = [...picked]
      await api.changeSessions({ ...change, ids })
      reload()
      if (change.action !== 'delete') return
      setDeleted({ ids, text: t('bulk.deleted', { count: ids.length }) })
      onGone(ids)
    },
    undo: () => void (deleted && action.run(() => restore(deleted))),
    dismissUndo: () => setDeleted(undefined),
  }
}
