/** The tokens of `micromark-extension-math`, which `remark-math` makes its elements of. */
declare module 'micromark-util-types' {
  interface TokenTypeMap {
    mathFlow: 'mathFlow'
    mathFlowFence: 'mathFlowFence'
    mathFlowFenceSequence: 'mathFlowFenceSequence'
    mathFlowValue: 'mathFlowValue'
    mathText: 'mathText'
    mathTextData: 'mathTextData'
    mathTextSequence: 'mathTextSequence'
  }
}

/** micromark has line endings as -5 to -3, tabs as -2 and -1, the end as null. */
export const isLineEnding = (code: number | null): boolean => code !== null && code < -2

/** A blank within a line. */
export const isSpace = (code: number | null): boolean => code === -2 || code === -1 || code === 32
