import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { mathPlugin } from './math-plugin.ts'

export type BlockSplitter = {
  /** The text in pieces, each one or more whole top-level blocks. Joined they are the text. */
  split(text: string): readonly string[]
}

const parser = unified().use(remarkParse).use(remarkGfm).use(mathPlugin).freeze()

/**
 * Cuts growing Markdown into its top-level blocks, so that only the last one is parsed and drawn again while it grows. What
 * lies before the last block can not change any more: it is kept, and only the rest of the text is looked at the next time.
 * (A link that is defined in another block than it is used in stays plain text.)
 */
export function createBlockSplitter(): BlockSplitter {
  let settled: string[] = []
  let settledText = ''
  return {
    split: (text) => {
      if (!text.startsWith(settledText)) {
        settled = []
        settledText = ''
      }
      const rest = text.slice(settledText.length)
      if (rest === '') return settled
      const pieces = cutAt(rest, blockStarts(rest))
      const last = pieces.pop() ?? ''
      if (pieces.length > 0) {
        settled = [...settled, ...pieces]
        settledText = text.slice(0, text.length - last.length)
      }
      return [...settled, last]
    },
  }
}

/**
 * Where the second and later blocks begin. A block whose first line is not complete is left out: what a line begins is known
 * at its end (`***` is a rule, `***bold***` goes on with the paragraph before it).
 */
function blockStarts(text: string): number[] {
  return parser
    .parse(text)
    .children.slice(1)
    .flatMap(({ position }) => (position ? (position.start.offset ?? 0) - position.start.column + 1 : []))
    .filter((start) => text.includes('\n', start))
}

function cutAt(text: string, starts: readonly number[]): string[] {
  return [0, ...starts].map((start, index) => text.slice(start, starts[index]))
}
