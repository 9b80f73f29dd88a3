import 'katex/dist/katex.min.css'
import { useLayoutEffect, useRef, useState } from 'react'
import { drawFormula } from './draw-formula.ts'
import { type FormulaProps, FormulaSource } from './formula.tsx'

/** A formula drawn by KaTeX, which makes elements and no text of HTML; as MathML too, for those who hear it. */
export function MathView({ tex, display }: FormulaProps) {
  const box = useRef<HTMLSpanElement>(null)
  const [failure, setFailure] = useState<{ tex: string; error: string }>()
  useLayoutEffect(() => {
    if (!box.current) return
    try {
      drawFormula(tex, display, box.current)
    } catch (error) {
      setFailure({ tex, error: String(error) })
    }
  }, [tex, display])
  if (failure?.tex === tex) return <FormulaSource tex={tex} display={display} error={failure.error} />
  return <span ref={box} className={display ? 'formula display' : 'formula'} />
}
