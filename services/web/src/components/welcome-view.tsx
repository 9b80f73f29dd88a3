import { ArrowRightOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'

const SUGGESTIONS = ['first', 'second', 'third'] as const

/** What an empty session shows: what this is for, and questions to begin with. */
export function WelcomeView({ onAsk }: { onAsk(question: string): Promise<boolean> }) {
  const { t } = useTranslation()
  return (
    <section className="welcome">
      <img src="/icon.svg" alt="" width={48} height={48} />
      <h2>{t('welcome.title')}</h2>
      <p>{t('welcome.description')}</p>
      <h3>{t('welcome.suggestions')}</h3>
      <ul>
        {SUGGESTIONS.map((key) => (
          <li key={key}>
            <button type="button" className="suggestion" onClick={() => void onAsk(t(`welcome.${key}`))}>
              <span>{t(`welcome.${key}`)}</span>
              <ArrowRightOutlined aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
