import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCopy } from '../../hooks/use-copy.ts'
import { saveFile } from '../../save-file.ts'

type SecretViewProps = {
  /** What it is, for those who do not see it. */
  label: string
  lines: readonly string[]
  /** The name of the file it may be kept in; without one it is only copied. */
  fileName?: string
}

/** Something that is shown once: to be copied or kept in a file now. */
export function SecretView({ label, lines, fileName }: SecretViewProps) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy()
  const text = lines.join('\n')
  return (
    <section className="secret" aria-label={label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
      <div className="form-actions">
        <Button onClick={() => void copy(text)}>{copied ? t('answer.copied') : t('form.copy')}</Button>
        {fileName !== undefined && (
          <Button onClick={() => saveFile(fileName, new Blob([`${text}\n`], { type: 'text/plain' }))}>
            {t('form.download')}
          </Button>
        )}
      </div>
    </section>
  )
}
