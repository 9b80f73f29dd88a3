import { lazy, Suspense } from 'react'

export type FormulaProps = { tex: string; display: boolean }

// KaTeX comes with the first formula; when it can not, formulas stay as they were written.
const MathView = lazy(() =>
  import('./math-view.tsx').then(
    (module) => ({ default: module.MathView }),
    () => ({ default: FormulaSource }),
  ),
)

/** A formula, drawn once what draws it is there. */
export function Formula(props: FormulaProps) {
  return (
    <Suspense
      fallback={
        <span aria-busy>
          <FormulaSource {...props} />
        </span>
      }
    >
      <MathView {...props} />
    </Suspense>
  )
}

/** A formula as it was written, with the reason if it can not be drawn. */
export function FormulaSource({ tex, display, error }: FormulaProps & { error?: string }) {
  return (
    <code className={display ? 'formula-source display' : 'formula-source'} title={error}>
      {tex}
    </code>
  )
}
