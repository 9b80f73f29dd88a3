import type { SessionView } from '@askwire/contracts'
import type { ListSelection } from '../../hooks/use-selection.ts'
import { SelectRow } from './select-row.tsx'
import { type SessionAction, SessionRow } from './session-row.tsx'

type SessionRowsProps = {
  items: readonly SessionView[]
  activeId: string | undefined
  selection: ListSelection
  onOpen(sessionId: string): void
  onAct(session: SessionView, action: SessionAction): void
}

/** The sessions of the list: to be opened, or to be picked. */
export function SessionRows({ items, activeId, selection, onOpen, onAct }: SessionRowsProps) {
  const picked = new Set(selection.ids)
  return (
    <ul className="session-list">
      {items.map((session) =>
        selection.on ? (
          <SelectRow key={session.id} session={session} selected={picked.has(session.id)} onToggle={selection.toggle} />
        ) : (
          <SessionRow
            key={session.id}
            session={session}
            active={session.id === activeId}
            onOpen={onOpen}
            onAct={onAct}
          />
        ),
      )}
    </ul>
  )
}
