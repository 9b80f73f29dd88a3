import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ExtraProps } from 'react-markdown'
import { useCopy } from '../hooks/use-copy.ts'

/** A block of code as plain text, with its language and a button that copies it. */
export function CodeBlock({ node }: ExtraProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy()
  const { code, language } = readCode(node)
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{language ?? t('answer.code')}</span>
        <Button
          type="text"
          size="small"
          icon={copied ? <CheckOutlined /> : <CopyOutlined />}
          aria-label={copied ? t('answer.copied') : t('answer.copyCode')}
          onClick={() => void copy(code)}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </div>
  )
}

function readCode(node: ExtraProps['node']): { code: string; language: string | undefined } {
  const element = node?.children[0]
  if (element?.type !== 'element') return { code: '', language: undefined }
  const code = element.children.map((child) => (child.type === 'text' ? child.value : '')).join('')
  const names = element.properties.className
  const name = Array.isArray(names) ? names.map(String).find((one) => one.startsWith('language-')) : undefined
  return { code: code.replace(/\n$/, ''), language: name?.slice('language-'.length) }
}
