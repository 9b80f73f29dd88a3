import type { FolderView, TagCount } from '@askwire/contracts'
import { useCallback, useEffect, useState } from 'react'
import * as api from '../api/sessions-api.ts'

/** What sessions are filed under. */
export type Filing = { folders: readonly FolderView[]; tags: readonly TagCount[]; reload(): void }

/** One's folders and tags; `version` changes when they may have. */
export function useFiling(version: string): Filing {
  const [folders, setFolders] = useState<readonly FolderView[]>([])
  const [tags, setTags] = useState<readonly TagCount[]>([])
  const reload = useCallback(() => {
    // Without them the other choices are still there.
    api.listFolders().then(({ items }) => setFolders(items), ignore)
    api.listTags().then(({ items }) => setTags(items), ignore)
  }, [])
  useEffect(reload, [reload, version])
  return { folders, tags, reload }
}

const ignore = (): void => {}
