/** Longer ones are not drawn: laying one out would keep the page waiting. */
const MAX_LENGTH = 10_000

/** Addresses of any kind: a diagram is a picture and loads nothing. */
const ADDRESS = /:\/\/|\burl\s*\(|\b(java|vb)script\s*:|\bdata\s*:|@import|\bimg\s*:/i
/** Lines whose text goes into a style sheet. */
const STYLE = /^\s*(classDef|style|linkStyle)\b(.*)$/gim
const OUT_OF_STYLE = /[{}<>\\@]/

/** What class diagrams call `<<interface>>`. */
const STEREOTYPE = /<<\w+>>/g
/** A tag, or an entity that may stand for one. What the drawing library measures text with would make elements of them. */
const MARKUP = /<(?!br\s*\/?>)[a-z/!?]|[&#](?!quot;|nbsp;)#?\w+;/i
/** A menu of links, which the library gives handlers of its own. */
const LINKS = /^\s*links?\b/im

export type DiagramRefusal = 'long' | 'address' | 'style' | 'markup'

/** The source without what would set up the drawing itself, or why it is not drawn. */
export function readDiagram(source: string): { source: string } | { refusal: DiagramRefusal } {
  if (source.length > MAX_LENGTH) return { refusal: 'long' }
  if (ADDRESS.test(source)) return { refusal: 'address' }
  for (const [, , rest = ''] of source.matchAll(STYLE)) if (OUT_OF_STYLE.test(rest)) return { refusal: 'style' }
  const text = source.replaceAll(STYLE, '').replaceAll(STEREOTYPE, '')
  if (MARKUP.test(text) || LINKS.test(text)) return { refusal: 'markup' }
  return { source: source.replace(/^\s*---\s*\n[\s\S]*?\n\s*---\s*\n/, '').replaceAll(/%%\{[\s\S]*?\}%%/g, '') }
}
