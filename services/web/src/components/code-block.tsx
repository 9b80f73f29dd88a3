import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { ExtraProps } from 'react-markdown'
import { CodeFrame } from './blocks/code-frame.tsx'
import { DiagramView } from './blocks/diagram-view.tsx'
import { Formula, FormulaSource } from './blocks/formula.tsx'
import { useIsWhole } from './blocks/growing-block.ts'

/** Longer code is not coloured: reading it would keep the page waiting. */
const MAX_COLOURED = 20_000

// The languages come with the first code that has one; when they can not, code stays plain.
const HighlightedCode = lazy(() =>
  import('./blocks/highlighted-code.tsx').then(
    (module) => ({ default: module.HighlightedCode }),
    () => ({ default: PlainCode }),
  ),
)

/** A fenced block: a formula, a diagram, or code with its language and a button that copies it. One that still grows shows its source. */
export function CodeBlock({ node }: ExtraProps) {
  const { t } = useTranslation()
  const whole = useIsWhole(node)
  const { code, language } = readCode(node)
  if (language === 'math') {
    return <p>{whole ? <Formula tex={code} display /> : <FormulaSource tex={code} display />}</p>
  }
  if (language === 'mermaid' && whole) return <DiagramView source={code} />
  const plain = <PlainCode code={code} />
  return (
    <CodeFrame code={code} label={language ?? t('answer.code')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {whole && language !== undefined && code.length <= MAX_COLOURED ? (
          <Suspense fallback={plain}>
            <HighlightedCode code={code} language={language} />
          </Suspense>
        ) : (
          plain
        )}
      </pre>
    </CodeFrame>
  )
}

function PlainCode({ code }: { code: string }) {
  return <code>{code}</code>
}

function readCode(node: ExtraProps['node']): { code: string; language: string | undefined } {
  const element = node?.children[0]
  if (element?.type !== 'element') return { code: '', language: undefined }
  const code = element.children.map((child) => (child.type === 'text' ? child.value : '')).join('')
  const names = element.properties.className
  const name = Array.isArray(names) ? names.map(String).find((one) => one.startsWith('language-')) : undefined
  return { code: code.replace(/\n$/, ''), language: name?.slice('language-'.length) }
}
