/** What a search is narrowed to; what is absent narrows nothing. Days as a field for dates writes them. */
export type SearchFilter = {
  /** Questions, or answers; titles are found only without it. */
  role?: 'user' | 'assistant'
  folderId?: string
  tag?: string
  archived?: boolean
  from?: string
  to?: string
}

/** True when a search is narrowed to something. */
export const isFiltered = (filter: SearchFilter): boolean => Object.values(filter).some((value) => value !== undefined)
