import { isDay } from './day-bounds.ts'

/** What a list of sessions can be sorted by. */
export const SORTS = ['updated', 'created', 'title'] as const
export type Sort = (typeof SORTS)[number]

/** How a list is sorted, and which of its sessions are left out. Days are of the time it is sorted by. */
export type Arrangement = {
  sort: Sort
  /** Of the newest answer. */
  model?: string
  /** The first day, as a field for dates writes it. */
  from?: string
  /** The last day. */
  to?: string
}

/** The one asked in last first, and nothing left out. */
export const PLAIN: Arrangement = { sort: 'updated' }

/** True when sessions are left out. */
export const isNarrow = ({ model, from, to }: Arrangement): boolean =>
  model !== undefined || from !== undefined || to !== undefined

/** True when there is nothing to clear. */
export const isPlain = (arrangement: Arrangement): boolean => arrangement.sort === PLAIN.sort && !isNarrow(arrangement)

/** What a browser has remembered, as far as it makes sense. */
export function parseArrangement(text: string | null): Arrangement {
  const stored = parseObject(text)
  const { model, from, to } = stored
  return {
    sort: SORTS.find((sort) => sort === stored.sort) ?? PLAIN.sort,
    ...(typeof model === 'string' && model !== '' && { model }),
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
  }
}

function parseObject(text: string | null): Record<string, unknown> {
  try {
    return { ...JSON.parse(text ?? '{}') }
  } catch {
    return {}
  }
}

/** What is to be remembered; null when that is nothing. */
export const storedArrangement = (arrangement: Arrangement): string | null =>
  isPlain(arrangement) ? null : JSON.stringify(arrangement)
