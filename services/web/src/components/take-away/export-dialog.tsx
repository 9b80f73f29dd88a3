import type { MessageView, SessionView } from '@askwire/contracts'
import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { listBranch } from '../../api/branch-api.ts'
import { EXPORT_FORMATS, type ExportFormat, exportSession } from '../../api/jobs-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { saveFile } from '../../save-file.ts'
import { fileNameOf } from '../../state/file-name-of.ts'
import { FailureAlert } from '../failure-alert.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'

const ENDINGS: Record<ExportFormat, string> = { markdown: 'md', html: 'html', json: 'json' }

// It brings the Markdown parser, which a page without an answer does without.
const PrintView = lazy(async () => ({ default: (await import('./print-view.tsx')).PrintView }))

type ExportDialogProps = { session: SessionView | undefined; onClose(): void }

/** Gives one session as a file, or to the printer, which also makes a PDF. */
export function ExportDialog({ session, onClose }: ExportDialogProps) {
  const { t } = useTranslation()
  return (
    <FormDialog open={session !== undefined} title={t('takeAway.export')} onClose={onClose} width={440}>
      {session && <ExportChoices key={session.id} session={session} onDone={onClose} />}
    </FormDialog>
  )
}

function ExportChoices({ session, onDone }: { session: SessionView; onDone(): void }) {
  const { t } = useTranslation()
  const { busy, failure, run, dismiss } = useAction()
  const [printed, setPrinted] = useState<readonly MessageView[]>()
  const waiting = busy || printed !== undefined
  const save = async (format: ExportFormat): Promise<void> => {
    saveFile(`${fileNameOf(session.title)}.${ENDINGS[format]}`, await exportSession(session.id, format))
    onDone()
  }
  return (
    <>
      <ul className="choices">
        {EXPORT_FORMATS.map((format) => (
          <li key={format}>
            <Choice
              label={t(`takeAway.format.${format}`)}
              note={t(`takeAway.formatNote.${format}`)}
              disabled={waiting}
              onChoose={() => void run(() => save(format))}
            />
          </li>
        ))}
        <li>
          <Choice
            label={t('takeAway.print')}
            note={t('takeAway.printNote')}
            disabled={waiting}
            onChoose={() => void run(async () => setPrinted(await listBranch(session.id, 'active')))}
          />
        </li>
      </ul>
      <p className="note" role="status">
        {waiting && t('takeAway.preparing')}
      </p>
      <FailureAlert failure={failure} area="formFailure" onDismiss={dismiss} />
      {printed && (
        <Suspense>
          <PrintView session={session} messages={printed} onEnd={onDone} />
        </Suspense>
      )}
    </>
  )
}

type ChoiceProps = { label: string; note: string; disabled: boolean; onChoose(): void }

function Choice({ label, note, disabled, onChoose }: ChoiceProps) {
  return (
    <Button block className="choice" disabled={disabled} onClick={onChoose}>
      <span>
        {label}
        <small>{note}</small>
      </span>
    </Button>
  )
}
