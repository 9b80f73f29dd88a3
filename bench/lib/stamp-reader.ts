const MARK = 126 // ~
const ZERO = 48
const NINE = 57

/**
 * Finds the stamps (`~<microseconds> `) in a text that comes in pieces, without parsing what is around them. A stamp that is
 * not higher than all before it was seen already (some servers repeat the whole text) and is not told again. Returns how many were told.
 */
export function createStampReader(): { push(text: string, onStamp: (stamp: number) => void): number } {
  let rest = ''
  let highest = 0
  return {
    push: (piece, onStamp) => {
      const text = rest === '' ? piece : rest + piece
      rest = ''
      let told = 0
      for (let at = text.indexOf('~'); at >= 0; at = text.indexOf('~', at)) {
        const start = at
        let stamp = 0
        at += 1
        let code = text.charCodeAt(at)
        while (code >= ZERO && code <= NINE) {
          stamp = stamp * 10 + code - ZERO
          at += 1
          code = text.charCodeAt(at)
        }
        if (at >= text.length) {
          rest = text.slice(start)
          break
        }
        if (code === MARK || stamp <= highest) continue
        highest = stamp
        told += 1
        onStamp(stamp)
      }
      return told
    },
  }
}
