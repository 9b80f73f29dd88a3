/** As much of a Markdown tree's node as this needs; `data.hName` names the element it becomes. */
export type MarkdownNode = {
  type: string
  value?: string
  children?: MarkdownNode[]
  data?: { hName: string; hProperties: Record<string, string> }
}

/** `[1]`, and `[1, 2]` as some models write it. */
const CITATION = /\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\]/g
/** Where brackets are text, or a button can not be. */
const OPAQUE = new Set(['link', 'linkReference', 'code', 'inlineCode', 'html', 'image'])

/** A remark plugin: turns the `[n]` of an answer into `<cite data-n="n">`, for each n in `known`. Others stay text. */
export function citePlugin(known: ReadonlySet<number>): () => (tree: MarkdownNode) => void {
  const visit = (node: MarkdownNode): void => {
    if (!node.children || OPAQUE.has(node.type)) return
    node.children = node.children.flatMap((child) =>
      child.type === 'text' ? splitText(child.value ?? '', known) : child,
    )
    for (const child of node.children) visit(child)
  }
  return () => visit
}

function splitText(text: string, known: ReadonlySet<number>): MarkdownNode[] {
  const parts: MarkdownNode[] = []
  let from = 0
  for (const match of text.matchAll(CITATION)) {
    const numbers = (match[1] ?? '').split(/\D+/).map(Number)
    if (!numbers.every((n) => known.has(n))) continue
    if (match.index > from) parts.push({ type: 'text', value: text.slice(from, match.index) })
    for (const n of numbers) parts.push(citation(n))
    from = match.index + match[0].length
  }
  if (from < text.length || parts.length === 0) parts.push({ type: 'text', value: text.slice(from) })
  return parts
}

const citation = (n: number): MarkdownNode => ({
  type: 'citation',
  children: [{ type: 'text', value: String(n) }],
  data: { hName: 'cite', hProperties: { dataN: String(n) } },
})

/** The numbers cited in an answer's text, in the order of their first use. */
export function citedNumbers(text: string): number[] {
  const numbers = [...text.matchAll(CITATION)].flatMap((match) => (match[1] ?? '').split(/\D+/).map(Number))
  return [...new Set(numbers)]
}
