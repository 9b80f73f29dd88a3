import type { FolderView } from '@askwire/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sessions-api.ts'
import { type Loaded, useLoad } from '../../hooks/use-load.ts'
import { SelectField, TextField } from '../forms/field.tsx'
import { LoadView } from '../layout/load-view.tsx'

const NONE = 'none'
const NEW = 'new'

export type FolderChoice = {
  value: string
  name: string
  folders: Loaded<{ items: FolderView[] }>
  ready: boolean
  choose(value: string): void
  rename(name: string): void
  /** The id of the folder chosen, null for none; a new one is made, once. */
  resolve(): Promise<string | null>
}

/** The choice of a folder, of none, or of a new one. */
export function useFolderChoice(folderId: string | null): FolderChoice {
  const folders = useLoad(api.listFolders)
  const [value, choose] = useState(folderId ?? NONE)
  const [name, rename] = useState('')
  const resolve = async (): Promise<string | null> => {
    if (value !== NEW) return value === NONE ? null : value
    const { id } = await api.createFolder(name.trim())
    // Should the rest fail, the folder that was made is not made again.
    choose(id)
    folders.reload()
    return id
  }
  const ready = folders.data !== undefined && (value !== NEW || name.trim() !== '')
  return { value, name, folders, ready, choose, rename, resolve }
}

/** The field of that choice, and the name of a new folder. */
export function FolderField({ choice }: { choice: FolderChoice }) {
  const { t } = useTranslation()
  const { value, name, folders, choose, rename } = choice
  return (
    <LoadView loaded={folders}>
      {({ items }) => (
        <>
          <SelectField
            label={t('sessions.folder')}
            value={value}
            options={[
              { value: NONE, label: t('sessions.noFolder') },
              ...items.map(({ id, name: label }) => ({ value: id, label })),
              { value: NEW, label: t('sessions.newFolder') },
            ]}
            onChange={choose}
          />
          {value === NEW && (
            <TextField label={t('sessions.folderName')} value={name} onChange={rename} maxLength={100} autoFocus />
          )}
        </>
      )}
    </LoadView>
  )
}
