import type { SessionView } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { parseTags } from '../../state/parse-tags.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { TextField } from '../forms/field.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { FolderField, useFolderChoice } from './folder-field.tsx'

type OrganiseDialogProps = {
  session: SessionView | undefined
  onChanged(session: SessionView): void
  onClose(): void
}

/** Puts a session into a folder, also a new one, and gives it tags. */
export function OrganiseDialog({ session, onChanged, onClose }: OrganiseDialogProps) {
  const { t } = useTranslation()
  return (
    <FormDialog open={session !== undefined} title={t('sessions.organise')} onClose={onClose}>
      {session && <OrganiseForm key={session.id} session={session} onChanged={onChanged} />}
    </FormDialog>
  )
}

function OrganiseForm({ session, onChanged }: { session: SessionView; onChanged(session: SessionView): void }) {
  const { t } = useTranslation()
  const choice = useFolderChoice(session.folderId)
  const action = useAction()
  const [tags, setTags] = useState(session.tags.join(', '))
  const store = async (): Promise<void> => {
    const folderId = await choice.resolve()
    onChanged(await api.updateSession(session.id, { folderId, tags: parseTags(tags) }))
  }
  return (
    <ActionForm
      action={action}
      submit={t('form.save')}
      onSubmit={() => void action.run(store)}
      ready={choice.ready}
      area="sessionsFailure"
    >
      <FolderField choice={choice} />
      <TextField label={t('sessions.tags')} value={tags} onChange={setTags} hint={t('sessions.tagsHint')} />
    </ActionForm>
  )
}
