import { memo, useContext, useMemo, useState } from 'react'
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { createBlockSplitter } from '../markdown/block-splitter.ts'
import { citePlugin } from '../markdown/cite-plugin.ts'
import { mathPlugin } from '../markdown/math-plugin.ts'
import { safeUrl } from '../markdown/safe-url.ts'
import { GrowingBlock } from './blocks/growing-block.ts'
import { CiteContext } from './cite-context.ts'
import { MARKDOWN_ELEMENTS } from './markdown-elements.tsx'

/**
 * A model's text as Markdown. It makes no HTML of what the text says is HTML, loads no image, and links only where `safeUrl`
 * allows. Cut into blocks, so that a growing answer draws only its last one again.
 */
export function MarkdownView({ text, streaming }: { text: string; streaming: boolean }) {
  const { resources } = useContext(CiteContext)
  // The numbers as one string: the same numbers in a new list must not draw every block again.
  const numbers = resources.map(({ n }) => n).join(' ')
  const [splitter] = useState(createBlockSplitter)
  const blocks = useMemo(() => splitter.split(text), [splitter, text])
  return (
    <div className={streaming ? 'markdown streaming' : 'markdown'}>
      {blocks.map((block, index) => (
        <GrowingBlock key={index} value={streaming && index === blocks.length - 1 ? block : undefined}>
          <Block text={block} numbers={numbers} />
        </GrowingBlock>
      ))}
    </div>
  )
}

const Block = memo(function Block({ text, numbers }: { text: string; numbers: string }) {
  const plugins = useMemo(() => {
    const known = new Set(numbers.split(' ').map(Number))
    return [remarkGfm, mathPlugin, citePlugin(known)]
  }, [numbers])
  return (
    <Markdown remarkPlugins={plugins} components={MARKDOWN_ELEMENTS} urlTransform={(url) => safeUrl(url) ?? ''}>
      {text}
    </Markdown>
  )
})
