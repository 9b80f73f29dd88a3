import { segmentWords } from '@askwire/models'
import { isTerm } from './graph/condense-by-rule.ts'

const MAX_TITLE_CHARS = 60
const MAX_TAGS = 3
const MIN_TAG_CHARS = 2
const MAX_TAG_CHARS = 30

/** A title and tags without a model: the first sentence of the question, shortened at a word, and the words said most often. */
export function titleByRule(question: string, answers: readonly string[]): string {
  const line = question.replace(/\s+/gu, ' ').trim()
  const sentence = /^.{8,}?[?？.!！。](?=\s|$|\p{Script=Han})/u.exec(line)?.[0] ?? line
  return `${shorten(sentence)}\n${tagsOf([question, ...answers]).join(', ')}`
}

function shorten(line: string): string {
  const chars = [...line]
  if (chars.length <= MAX_TITLE_CHARS) return line
  const cut = chars.slice(0, MAX_TITLE_CHARS).join('')
  const space = cut.lastIndexOf(' ')
  return `${(space > MAX_TITLE_CHARS / 2 ? cut.slice(0, space) : cut).replace(/[\s,;:.，；：。]+$/u, '')}…`
}

/** What the question says counts more than what the answer says of other things. */
function tagsOf([question = '', ...answers]: readonly string[]): string[] {
  const asked = new Set(segmentWords(question).filter(isTag))
  const counts = new Map([...asked].map((word) => [word, 1]))
  for (const word of answers.flatMap(segmentWords)) {
    const count = counts.get(word)
    if (count !== undefined) counts.set(word, count + 1)
  }
  const byCount = [...counts].sort(([, one], [, other]) => other - one)
  return byCount.slice(0, MAX_TAGS).map(([word]) => word)
}

const isTag = (word: string): boolean =>
  isTerm(word) && word.length >= MIN_TAG_CHARS && word.length <= MAX_TAG_CHARS && !/^\d+$/.test(word)
