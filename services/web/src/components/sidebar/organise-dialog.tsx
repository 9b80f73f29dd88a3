import type { SessionView } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { parseTags } from '../../state/parse-tags.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { FormDialog } from '../forms/form-dialog.tsx'
import { LoadView } from '../layout/load-view.tsx'

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

const NONE = 'none'
const NEW = 'new'

function OrganiseForm({ session, onChanged }: { session: SessionView; onChanged(session: SessionView): void }) {
  const { t } = useTranslation()
  const folders = useLoad(api.listFolders)
  const action = useAction()
  const [folder, setFolder] = useState(session.folderId ?? NONE)
  const [name, setName] = useState('')
  const [tags, setTags] = useState(session.tags.join(', '))
  const store = async (): Promise<void> => {
    const folderId = folder === NEW ? (await api.createFolder(name.trim())).id : folder === NONE ? null : folder
    // Should the rest fail, the folder that was made is not made again.
    setFolder(folderId ?? NONE)
    if (folder === NEW) folders.reload()
    onChanged(await api.updateSession(session.id, { folderId, tags: parseTags(tags) }))
  }
  return (
    <LoadView loaded={folders}>
      {({ items }) => (
        <ActionForm
          action={action}
          submit={t('form.save')}
          onSubmit={() => void action.run(store)}
          ready={folder !== NEW || name.trim() !== ''}
          area="sessionsFailure"
        >
          <SelectField
            label={t('sessions.folder')}
            value={folder}
            options={[
              { value: NONE, label: t('sessions.noFolder') },
              ...items.map(({ id, name: label }) => ({ value: id, label })),
              { value: NEW, label: t('sessions.newFolder') },
            ]}
            onChange={setFolder}
          />
          {folder === NEW && (
            <TextField label={t('sessions.folderName')} value={name} onChange={setName} maxLength={100} autoFocus />
          )}
          <TextField label={t('sessions.tags')} value={tags} onChange={setTags} hint={t('sessions.tagsHint')} />
        </ActionForm>
      )}
    </LoadView>
  )
}
