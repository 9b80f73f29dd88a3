export type Phrases = { nothingFound: string; label: string; betweenQuotes: string }

const ENGLISH: Phrases = {
  nothingFound: 'I found nothing about this in the documents I can search.',
  label: '— Offline mode: sentences quoted from your documents, no language model.',
  betweenQuotes: ' ',
}
const CHINESE: Phrases = {
  nothingFound: '在可检索的文档中没有找到与此问题相关的内容。',
  label: '—— 离线模式：以上内容直接摘自文档，未使用语言模型。',
  betweenQuotes: '',
}

/** The offline model's own words, in the language of the question. */
export function phrasesFor(question: string): Phrases {
  return /\p{sc=Han}/u.test(question) ? CHINESE : ENGLISH
}
