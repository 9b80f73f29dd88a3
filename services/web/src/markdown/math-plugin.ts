import remarkMath from 'remark-math'
import type { Processor } from 'unified'
import { mathBlockSyntax } from './math-block-syntax.ts'
import { mathTextSyntax } from './math-syntax.ts'

/** As much of a Markdown tree's node as this needs. */
type MathNode = {
  type: string
  position?: { start: { offset?: number | undefined }; end: { offset?: number | undefined } } | undefined
  children?: MathNode[]
  data?: { hProperties?: { className?: string[] } } | undefined
}

/**
 * A remark plugin: mathematics between `$$`, `$`, `\(…\)` and `\[…\]`, as elements `code` of class `language-math`. Within text it
 * has the class `math-inline` too, and `math-display` where its signs ask for a line of its own.
 */
export function mathPlugin(this: Processor): (tree: MathNode, file: { value: unknown }) => void {
  // One dollar at each side is too easily two prices: for that there is a syntax of our own.
  remarkMath.call(this, { singleDollarTextMath: false })
  const extensions = this.data().micromarkExtensions ?? []
  extensions.push(mathTextSyntax(), mathBlockSyntax())
  return (tree, file) => markDisplays(tree, String(file.value))
}

function markDisplays(node: MathNode, source: string): void {
  if (
    node.type === 'inlineMath' &&
    /^(\$\$|\\\[)/.test(source.slice(node.position?.start.offset, node.position?.end.offset))
  )
    node.data?.hProperties?.className?.push('math-display')
  for (const child of node.children ?? []) markDisplays(child, source)
}
