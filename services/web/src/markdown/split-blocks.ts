/**
 * Cuts Markdown into top-level blocks whose text, joined, is the input. While an answer streams only its last block
 * changes, so only that one is parsed and drawn again. A cut is made at a blank line where what follows can not belong to
 * what came before: never inside a fence, nor between the parts of a list, a quotation or indented text. When in doubt
 * there is no cut, which costs time but never changes what is shown. (A link defined in another block than it is used in
 * stays plain text.)
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = []
  let start = 0
  let at = 0
  let fence: Fence | undefined
  let first: string | undefined
  let blankBefore = false
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    const line = text.slice(at, end)
    if (fence !== undefined) {
      if (closesFence(line, fence)) fence = undefined
    } else if (line.trim() === '') {
      blankBefore = true
    } else {
      if (blankBefore && first !== undefined && !continues(first, line)) {
        blocks.push(text.slice(start, at))
        start = at
        first = line
      }
      first ??= line
      fence = openFence(line)
      blankBefore = false
    }
    at = end
  }
  if (start < text.length) blocks.push(text.slice(start))
  return blocks
}

type Fence = { prefix: string; marks: string }

// A fence may open behind a list item's marker or in a quotation.
const FENCE = /^((?:[ \t>]|[-*+] |\d{1,9}[.)] )*)(`{3,}(?=[^`]*$)|~{3,})/
const INDENTED = /^(?: {2,}|\t| ?\t)/
const LIST_ITEM = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/
const QUOTATION = /^ {0,3}>/
const HTML = /^ {0,3}</

function openFence(line: string): Fence | undefined {
  const match = FENCE.exec(line)
  return match ? { prefix: match[1] ?? '', marks: match[2] ?? '' } : undefined
}

/** Marks as many as opened it, alone on their line, indented at most three more: what else the line may be, the fence goes on. */
function closesFence(line: string, { prefix, marks }: Fence): boolean {
  const lead = (prefix.includes('>') ? /^[ \t>]*/ : /^[ \t]*/).exec(line)?.[0] ?? ''
  const bare = line.slice(lead.length).trimEnd()
  return lead.length <= prefix.length + 3 && bare.length >= marks.length && bare === marks.charAt(0).repeat(bare.length)
}

/** Could `line`, after a blank line, still belong to the block that began with `first`? */
function continues(first: string, line: string): boolean {
  if (INDENTED.test(line)) return true
  if (LIST_ITEM.test(first)) return LIST_ITEM.test(line)
  if (QUOTATION.test(first)) return QUOTATION.test(line)
  return HTML.test(first)
}
