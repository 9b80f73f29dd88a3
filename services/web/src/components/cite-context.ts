import type { Resource } from '@askwire/contracts'
import { createContext } from 'react'

/** What the `[n]` in an answer's text refer to, and what opens one. */
export type Cite = {
  readonly resources: readonly Resource[]
  onSource(resource: Resource, from: HTMLElement): void
}

export const CiteContext = createContext<Cite>({ resources: [], onSource: () => {} })
