import { createContext, useContext } from 'react'
import type { ExtraProps } from 'react-markdown'

/** The source of the block that still grows while its answer streams; undefined in any other. */
export const GrowingBlock = createContext<string | undefined>(undefined)

/** Whether a fenced element is all there, so that it may be drawn: not while its closing fence may still be on its way. */
export function useIsWhole(node: ExtraProps['node']): boolean {
  const source = useContext(GrowingBlock)
  return source === undefined || isClosed(source, node?.position?.start.offset ?? 0, node?.position?.end.offset)
}

const CLOSING_FENCE = /\n[^\n]*(`{3}|~{3}|\$\$|\\\])[ \t]*$/

/** Whether the element from `start` to `end` of a source that grows can not change any more. */
export function isClosed(source: string, start: number, end: number | undefined): boolean {
  if (source.slice(end).trim() !== '') return true
  return CLOSING_FENCE.test(source.slice(start, end).trimEnd())
}
