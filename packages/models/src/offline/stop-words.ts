const ENGLISH =
  'a about an and any are as at be been but by can could did do does for from had has have how i if in into is it its ' +
  'me my no not of on or our should so such than that the their them then there these they this to was we were what ' +
  'when where which who whom whose why will with would you your please tell'
const CHINESE =
  '的 了 和 是 在 就 也 都 而 及 与 着 或 一个 没有 我们 你们 他们 它们 我 你 他 她 它 这 那 这个 那个 这些 那些 什么 怎么 怎样 如何 ' +
  '为什么 哪 哪些 哪个 哪里 谁 吗 呢 吧 啊 请 请问 有 要 会 能 可以 把 被 对 从 到 由 于 上 下 中 里 个 不 还 很 多少 几'

/** Words that say little about what a text is about, in English and Chinese. */
export const STOP_WORDS: ReadonlySet<string> = new Set(`${ENGLISH} ${CHINESE}`.split(' '))
