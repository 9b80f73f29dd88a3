import { plainBlocks } from './plain-blocks.ts'

/** A sentence that can be quoted, with what says what it is about: its headings, and the sentence before it. */
export type Sentence = { text: string; section: string; previous: string; tabular: boolean }

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|ca|Dr|Mr|Mrs|Ms|No|Fig|approx)\.\s*$/
const LONGEST_COMPLETED = 300

/**
 * The sentences of a Markdown passage in their order (Unicode UAX #29). Headings are no sentences but context of what
 * follows them, as is the sentence before. A line that ends in a colon is completed by the list or code it announces.
 */
export function splitSentences(markdown: string, heading: string): Sentence[] {
  const sentences: Sentence[] = []
  let section = heading
  let previous = ''
  let announced = false
  for (const block of plainBlocks(markdown)) {
    if (block.kind === 'heading') {
      section = block.text
      previous = ''
      announced = false
      continue
    }
    const last = sentences.at(-1)
    if (announced && last && block.kind !== 'text' && last.text.length + block.text.length <= LONGEST_COMPLETED) {
      last.text += `${/[:：]$/.test(last.text) ? ' ' : '; '}${block.text}`
      announced = block.kind === 'list'
      continue
    }
    announced = false
    // A longer listing is nothing to quote in an answer.
    if (block.kind === 'code' && block.text.length > LONGEST_COMPLETED) continue
    for (const text of block.kind === 'code' ? [block.text] : sentencesOf(block.text)) {
      sentences.push({ text, section, previous, tabular: block.kind === 'row' })
      previous = text
    }
    announced = /[:：]$/.test(previous)
  }
  return sentences
}

function sentencesOf(text: string): string[] {
  const sentences: string[] = []
  let begun = ''
  for (const { segment } of segmenter.segment(text)) {
    begun += segment
    if (ABBREVIATION.test(begun)) continue
    if (begun.trim()) sentences.push(begun.trim())
    begun = ''
  }
  if (begun.trim()) sentences.push(begun.trim())
  return sentences
}
