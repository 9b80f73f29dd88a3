import { segmentWords } from '@askwire/models'

/** Words that point at something said before, or carry no meaning of their own. */
const POINTERS = new Set(
  'it its this that these those they them their he she him her his there then so same one ones 它 它们 他 她 他们 她们 这 那 这个 那个 这些 那些 其 该 此'.split(
    ' ',
  ),
)
const EMPTY = new Set(
  'a an the of in on at to for from by with about and or but if is are was were be been do does did can could will would should may might must have has had not no what which who whom whose when where why how i me my we our you your please tell give show more explain 的 了 吗 呢 吧 啊 是 在 和 与 或 有 也 都 就 还 什么 怎么 怎样 如何 为什么 哪 哪个 哪些 多少 谁 我 你 您 我们 请 能 可以 会 要'.split(
    ' ',
  ),
)
/** A question with fewer words of its own says too little to be searched for alone. */
const FEW_TERMS = 2
/** Earlier questions looked at, newest first. */
const LOOK_BACK = 3
const MAX_ADDED_TERMS = 8

/**
 * A follow-up made searchable without a model: when it points back (`it`, `那个`) or has fewer than two words of its own, the
 * key terms of the latest earlier question that has any are added. Otherwise the question as it is.
 */
export function condenseByRule(question: string, earlierQuestions: readonly string[]): string {
  const words = segmentWords(question)
  const own = new Set(words.filter(isTerm))
  if (own.size >= FEW_TERMS && !words.some((word) => POINTERS.has(word))) return question
  for (const earlier of earlierQuestions.slice(-LOOK_BACK).reverse()) {
    const terms = [...new Set(segmentWords(earlier).filter(isTerm))]
    const added = terms.filter((term) => !own.has(term)).slice(0, MAX_ADDED_TERMS)
    if (added.length > 0) return `${question} (${added.join(' ')})`
  }
  return question
}

/** Whether a word carries meaning of its own. */
export function isTerm(word: string): boolean {
  return !EMPTY.has(word) && !POINTERS.has(word)
}
