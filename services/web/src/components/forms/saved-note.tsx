import { CheckCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'

/** Says that it is stored, also to those who only hear the page. */
export function SavedNote({ shown, text }: { shown: boolean; text?: string }) {
  const { t } = useTranslation()
  return (
    <span role="status" className="saved">
      {shown && (
        <>
          <CheckCircleOutlined aria-hidden /> {text ?? t('form.saved')}
        </>
      )}
    </span>
  )
}
