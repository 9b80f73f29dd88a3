const ENGLISH =
  'a about after am an and any are as at be been before between but by can could did do does for from get had has have ' +
  'how i if in into is it its many me much my of on or our shall should so some than that the their them then there ' +
  'these they this to was we were what when where which while who whom whose why will with would you your'

const CHINESE =
  '的 了 是 在 和 与 及 或 吗 呢 吧 啊 呀 么 也 都 就 而 但 被 把 让 给 我 你 您 他 她 它 这 那 哪 谁 什 有 得 会 要 能 可 不 没 很 最 更 ' +
  '从 到 对 为 以 于 用 做 写 说 看 想 去 来 着 过 个 些 多 少 好 几 上 下 中 里 年 月 日 时 后 前 还 又 再 才 只 该 等 之 其 ' +
  '什么 怎么 怎样 怎么样 如何 为什么 为何 哪个 哪些 哪里 哪儿 多少 几个 一个 一种 一些 这个 那个 这些 那些 这样 那样 我们 你们 他们 ' +
  '可以 能够 应该 需要 是否 时候 如果 因为 所以 以及 还是 或者 怎么办 没有 什么样'

/** Words that say nothing about what a text is about, as `segmentWords` gives them. Few on purpose: rarity does the rest. */
export const STOP_WORDS: ReadonlySet<string> = new Set(`${ENGLISH} ${CHINESE}`.split(' '))

/** Characters that stand between words, and in few words themselves: no pair across them is a term. */
export const PARTICLES: ReadonlySet<string> = new Set('的了吗呢吧啊呀么是在和与')
