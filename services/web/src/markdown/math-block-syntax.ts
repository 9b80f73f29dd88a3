import type { Construct, Effects, Extension, State, TokenizeContext, Tokenizer } from 'micromark-util-types'
import { isLineEnding, isSpace } from './math-tokens.ts'

const BACKSLASH = 92
const OPEN = 91
const CLOSE = 93

/**
 * A formula on lines of its own: `\[` alone on a line, then anything until `\]` at the end of one. What is never closed goes to the
 * end, as with `$$`. Makes the tokens of `micromark-extension-math`.
 */
export function mathBlockSyntax(): Extension {
  return { flow: { [BACKSLASH]: { name: 'mathFlow', concrete: true, tokenize: tokenizeBlock } } }
}

const tokenizeBlock: Tokenizer = function (this: TokenizeContext, effects, ok, nok) {
  let inValue = false

  const start: State = (code) => {
    effects.enter('mathFlow')
    effects.enter('mathFlowFence')
    effects.enter('mathFlowFenceSequence')
    effects.consume(code)
    return opening
  }
  const opening: State = (code) => {
    if (code !== OPEN) return nok(code)
    effects.consume(code)
    effects.exit('mathFlowFenceSequence')
    return blanks
  }
  const blanks = skipBlanks(effects, (code) => {
    if (!isLineEnding(code)) return nok(code)
    effects.exit('mathFlowFence')
    return this.interrupt ? ok(code) : lineEnd(code)
  })
  const lineEnd: State = (code) => effects.attempt(NEXT_LINE, content, end)(code)
  const content: State = (code) => {
    if (code === null || isLineEnding(code) || code === BACKSLASH) {
      if (inValue) effects.exit('mathFlowValue')
      inValue = false
      if (code === null) return end(code)
      return isLineEnding(code) ? lineEnd(code) : effects.attempt(CLOSING, end, take)(code)
    }
    return take(code)
  }
  const take: State = (code) => {
    if (!inValue) effects.enter('mathFlowValue')
    inValue = true
    effects.consume(code)
    return content
  }
  const end: State = (code) => {
    effects.exit('mathFlow')
    return ok(code)
  }
  return start
}

/** Goes on with `after` behind the blanks. */
function skipBlanks(effects: Effects, after: State): State {
  const blanks: State = (code) => {
    if (!isSpace(code)) return after(code)
    effects.enter('whitespace')
    effects.consume(code)
    effects.exit('whitespace')
    return blanks
  }
  return blanks
}

/** On to the next line of the same block; a line that only goes on with a quotation's last paragraph is none. */
const NEXT_LINE: Construct = {
  partial: true,
  tokenize: function (this: TokenizeContext, effects, ok, nok) {
    const lineStart: State = (code) => (this.parser.lazy[this.now().line] ? nok(code) : ok(code))
    return (code) => {
      effects.enter('lineEnding')
      effects.consume(code)
      effects.exit('lineEnding')
      return lineStart
    }
  },
}

/** `\]` with nothing but blanks after it. */
const CLOSING: Construct = {
  partial: true,
  tokenize: (effects, ok, nok) => {
    const bracket: State = (code) => {
      if (code !== CLOSE) return nok(code)
      effects.consume(code)
      effects.exit('mathFlowFenceSequence')
      return blanks
    }
    const blanks = skipBlanks(effects, (code) => {
      if (code !== null && !isLineEnding(code)) return nok(code)
      effects.exit('mathFlowFence')
      return ok(code)
    })
    return (code) => {
      effects.enter('mathFlowFence')
      effects.enter('mathFlowFenceSequence')
      effects.consume(code)
      return bracket
    }
  },
}
