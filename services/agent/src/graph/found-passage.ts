import { resource, type Scope } from '@askwire/contracts'
import type { Passage } from '@askwire/models'
import { z } from 'zod'

/** A passage with what is shown of it when it is cited. `resource.n` is its number in the answer. */
export const foundPassage = z.object({ resource, heading: z.string().nullable(), text: z.string() })
export type FoundPassage = z.infer<typeof foundPassage>

export type FindPassagesQuery = {
  query: string
  collectionIds?: string[] | undefined
  /** The documents the question is about: nothing else is searched. */
  documentIds?: string[] | undefined
  limit: number
  signal: AbortSignal
}

/** Searches what `scope` may see, best first, numbered from 1. MUST heed the signal. Throws `AppError`. */
export type FindPassages = (scope: Scope, query: FindPassagesQuery) => Promise<FoundPassage[]>

/** Reads the state's text back. */
export function readFound(json: string | undefined): FoundPassage[] {
  return json === undefined ? [] : z.array(foundPassage).parse(JSON.parse(json))
}

export function toPassage({ resource: { n, documentName }, heading, text }: FoundPassage): Passage {
  return { n, documentName, heading, text }
}
