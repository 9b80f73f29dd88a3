import type { Code, Construct, Effects, Extension, State, TokenizeContext, Tokenizer } from 'micromark-util-types'
import { isFormula } from './is-formula.ts'
import { isLineEnding } from './math-tokens.ts'

const DOLLAR = 36
const PARENTHESIS = 40
const BACKSLASH = 92
const BRACKET = 91

/** `\(` ends with `\)`, `\[` with `\]`. */
const ENDS: ReadonlyMap<number, number> = new Map([
  [PARENTHESIS, 41],
  [BRACKET, 93],
])

/**
 * Mathematics within text that `micromark-extension-math` does not know or takes too easily: `$…$`, `\(…\)` and `\[…\]`. Makes the tokens of
 * that extension, which knows `$$…$$`. What is between the signs must look like a formula: prices and escaped brackets stay text. Each
 * opening sign ends the search for the one before it, so no text takes more than two looks.
 */
export function mathTextSyntax(): Extension {
  const between: Construct = { name: 'mathText', tokenize: tokenizeBracketed }
  const dollars: Construct = { name: 'mathText', tokenize: tokenizeDollars, previous: isNoWord }
  return { text: { [DOLLAR]: dollars, [BACKSLASH]: between } }
}

const tokenizeDollars: Tokenizer = function (this: TokenizeContext, effects, ok, nok) {
  const formula = createFormula(effects)
  let last: Code = null

  const start: State = (code) => {
    formula.open()
    effects.consume(code)
    formula.begin()
    return first
  }
  const first: State = (code) => (isBlank(code) || code === DOLLAR ? nok(code) : inside(code))
  const inside: State = (code) => {
    if (code === null) return nok(code)
    if (code !== DOLLAR) {
      last = code
      formula.take(code)
      return code === BACKSLASH ? escaped : inside
    }
    // A space before it, as in “$5 and $10”: another opening sign.
    if (isBlank(last) || !isFormula(formula.text(), '$')) return nok(code)
    formula.end()
    effects.consume(code)
    return after
  }
  const escaped: State = (code) => {
    if (code === null) return nok(code)
    last = code
    formula.take(code)
    return inside
  }
  const after: State = (code) => {
    if (code === DOLLAR || isWord(code)) return nok(code)
    formula.close()
    return ok(code)
  }
  return start
}

const tokenizeBracketed: Tokenizer = function (this: TokenizeContext, effects, ok, nok) {
  const formula = createFormula(effects)
  let end: number | undefined
  let opener: number | undefined

  const start: State = (code) => {
    formula.open()
    effects.consume(code)
    return bracket
  }
  const bracket: State = (code) => {
    end = code === null ? undefined : ENDS.get(code)
    if (code === null || end === undefined) return nok(code)
    opener = code
    effects.consume(code)
    formula.begin()
    return inside
  }
  const inside: State = (code) => {
    if (code === null) return nok(code)
    if (code !== BACKSLASH) {
      formula.take(code)
      return inside
    }
    // What follows says whether it is the end: then it is none of the formula's text.
    return effects.check({ tokenize: isEnd, partial: true }, closing, backslash)(code)
  }
  const isEnd: Tokenizer = (look, yes, no) => {
    const after: State = (code) => (code === end ? yes(code) : no(code))
    return (code) => {
      look.enter('mathTextData')
      look.consume(code)
      look.exit('mathTextData')
      return after
    }
  }
  const backslash: State = (code) => {
    formula.take(code)
    return escaped
  }
  const escaped: State = (code) => {
    if (code === null || code === opener) return nok(code)
    formula.take(code)
    return inside
  }
  const closing: State = (code) => {
    if (!isFormula(formula.text(), opener === BRACKET ? '[' : '(')) return nok(code)
    formula.end()
    effects.consume(code)
    return last
  }
  const last: State = (code) => {
    effects.consume(code)
    formula.close()
    return ok
  }
  return start
}

type Formula = {
  /** Before the opening sign. */
  open(): void
  /** After it. */
  begin(): void
  take(code: Code): void
  text(): string
  /** Before the closing sign. */
  end(): void
  /** After it. */
  close(): void
}

/** Writes the tokens of one formula, line by line. */
function createFormula(effects: Effects): Formula {
  let text = ''
  let inData = false
  const endData = (): void => {
    if (inData) effects.exit('mathTextData')
    inData = false
  }
  return {
    open: () => {
      effects.enter('mathText')
      effects.enter('mathTextSequence')
    },
    begin: () => void effects.exit('mathTextSequence'),
    take: (code) => {
      if (isLineEnding(code)) {
        endData()
        effects.enter('lineEnding')
        effects.consume(code)
        effects.exit('lineEnding')
        text += '\n'
        return
      }
      if (!inData) effects.enter('mathTextData')
      inData = true
      effects.consume(code)
      // Virtual codes stand for the rest of a tab.
      text += code === null || code < 0 ? ' ' : String.fromCodePoint(code)
    },
    text: () => text,
    end: () => {
      endData()
      effects.enter('mathTextSequence')
    },
    close: () => {
      effects.exit('mathTextSequence')
      effects.exit('mathText')
    },
  }
}

const isBlank = (code: Code): boolean => code === null || code < 0 || code === 32
/** Letters and digits, but not of scripts that put no blanks between words. */
const WORD = /^(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{N}]/u
const isWord = (code: Code): boolean => code !== null && code > 0 && WORD.test(String.fromCodePoint(code))
const isNoWord = (code: Code): boolean => code !== DOLLAR && !isWord(code)
