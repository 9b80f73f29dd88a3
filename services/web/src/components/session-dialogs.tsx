import type { SessionView } from '@askwire/contracts'
import { ShareDialog } from './share/share-dialog.tsx'
import { EraseDialog } from './take-away/erase-dialog.tsx'
import { ExportDialog } from './take-away/export-dialog.tsx'

/** What takes a dialog of its own, and the session it is about. */
export type SessionDialog = { kind: 'share' | 'export' | 'erase'; session: SessionView }

type SessionDialogsProps = {
  dialog: SessionDialog | undefined
  onErased(sessionId: string): void
  onClose(): void
}

/** The dialogs that are opened from a session's row as well as from above the conversation. */
export function SessionDialogs({ dialog, onErased, onClose }: SessionDialogsProps) {
  const sessionFor = (kind: SessionDialog['kind']): SessionView | undefined =>
    dialog?.kind === kind ? dialog.session : undefined
  return (
    <>
      <ShareDialog session={sessionFor('share')} onClose={onClose} />
      <ExportDialog session={sessionFor('export')} onClose={onClose} />
      <EraseDialog
        session={sessionFor('erase')}
        onErased={(sessionId) => {
          onClose()
          onErased(sessionId)
        }}
        onClose={onClose}
      />
    </>
  )
}
