import type { SessionView } from '@askwire/contracts'
import { LeaveDialog } from './share/leave-dialog.tsx'
import { ShareDialog } from './share/share-dialog.tsx'
import { EraseDialog } from './take-away/erase-dialog.tsx'
import { ExportDialog } from './take-away/export-dialog.tsx'

const KINDS = ['share', 'export', 'erase', 'leave'] as const
/** What takes a dialog of its own, and the session it is about. */
export type SessionDialog = { kind: (typeof KINDS)[number]; session: SessionView }
/** Whether something is done in such a dialog. */
export const isDialog = (kind: string): kind is SessionDialog['kind'] => KINDS.some((one) => one === kind)

type SessionDialogsProps = {
  dialog: SessionDialog | undefined
  /** The session is there no more, for this person at least. */
  onGone(sessionId: string): void
  onClose(): void
}

/** The dialogs that are opened from a session's row as well as from above the conversation. */
export function SessionDialogs({ dialog, onGone, onClose }: SessionDialogsProps) {
  const sessionFor = (kind: SessionDialog['kind']): SessionView | undefined =>
    dialog?.kind === kind ? dialog.session : undefined
  const gone = (sessionId: string): void => {
    onClose()
    onGone(sessionId)
  }
  return (
    <>
      <ShareDialog session={sessionFor('share')} onClose={onClose} />
      <ExportDialog session={sessionFor('export')} onClose={onClose} />
      <EraseDialog session={sessionFor('erase')} onErased={gone} onClose={onClose} />
      <LeaveDialog session={sessionFor('leave')} onLeft={gone} onClose={onClose} />
    </>
  )
}
