import type { SessionView } from '@askwire/contracts'
import { memo } from 'react'
import { useSessionTitle } from '../../hooks/use-session-title.ts'

type SelectRowProps = { session: SessionView; selected: boolean; onToggle(sessionId: string, range: boolean): void }

/** A session to be picked with others. With Shift, all from the one before to it. */
export const SelectRow = memo(function SelectRow({ session, selected, onToggle }: SelectRowProps) {
  const title = useSessionTitle(session)
  return (
    <li className={selected ? 'session active' : 'session'}>
      <label className="session-pick">
        <input
          type="checkbox"
          checked={selected}
          onChange={({ nativeEvent }) =>
            onToggle(session.id, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)
          }
        />
        <span>{title}</span>
      </label>
    </li>
  )
})
