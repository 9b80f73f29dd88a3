const BOM = '\uFEFF'
/** Control characters that no text has; tab, newline, form feed and escape are left alone. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/g
/** A share of control characters above this is a binary file that happens to be valid UTF-8. */
const MAX_CONTROL_SHARE = 0.005

/** The text of a file: UTF-8 without byte order mark, lines ended by `\n`, no NUL. Or why it is none. */
export function decodeText(bytes: Uint8Array): { text: string } | { reason: string } {
  if (bytes.includes(0)) return { reason: 'binary: it holds NUL bytes' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { reason: 'not valid UTF-8' }
  }
  const controls = text.match(CONTROLS)?.length ?? 0
  if (controls > text.length * MAX_CONTROL_SHARE) return { reason: 'binary: it holds control characters' }
  const clean = (text.startsWith(BOM) ? text.slice(1) : text).replace(/\r\n?/g, '\n')
  return clean.trim() === '' ? { reason: 'empty' } : { text: clean }
}
