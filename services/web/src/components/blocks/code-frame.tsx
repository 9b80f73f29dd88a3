import { CheckOutlined, CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCopy } from '../../hooks/use-copy.ts'

type CodeFrameProps = { code: string; label: string; actions?: ReactNode; children: ReactNode }

/** A block with its language and a button that copies its source. */
export function CodeFrame({ code, label, actions, children }: CodeFrameProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy()
  return (
    <div className="code-block">
      <div className="code-head">
        <span>{label}</span>
        <div>
          {actions}
          <Button
            type="text"
            size="small"
            icon={copied ? <CheckOutlined /> : <CopyOutlined />}
            aria-label={copied ? t('answer.copied') : t('answer.copyCode')}
            title={t('answer.copyCode')}
            onClick={() => void copy(code)}
          />
        </div>
      </div>
      {children}
    </div>
  )
}
