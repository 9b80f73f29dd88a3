import { useCallback, useEffect, useState } from 'react'
import { parseRecentSessions, type RecentSession, rememberSession } from '../state/recent-sessions.ts'
import { onSettingChange, readSetting, writeSetting } from '../state/settings.ts'

/**
 * The sessions this person opened in this browser. A convenience only, kept in the browser until the gateway lists a person's sessions:
 * the sessions themselves, and who may see them, are the gateway's.
 */
export function useRecentSessions(userId: string): {
  sessions: readonly RecentSession[]
  remember(id: string, question: string): void
  forget(id: string): void
} {
  const name = `recent.${userId}` as const
  const read = useCallback(() => parseRecentSessions(readSetting(name)), [name])
  const [sessions, setSessions] = useState(read)
  useEffect(() => onSettingChange(name, () => setSessions(read())), [name, read])
  // Read anew before each change: another tab may have written since.
  const change = useCallback(
    (next: (list: RecentSession[]) => RecentSession[]) => writeSetting(name, JSON.stringify(next(read()))),
    [name, read],
  )
  const remember = useCallback(
    (id: string, question: string) => change((list) => rememberSession(list, { id, question, at: Date.now() })),
    [change],
  )
  const forget = useCallback((id: string) => change((list) => list.filter((session) => session.id !== id)), [change])
  return { sessions, remember, forget }
}
