import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useTheme } from '../hooks/use-theme.ts'
import { LANGUAGES, type Language } from '../locales/i18n.ts'
import { auth } from '../state/auth-store.ts'
import type { ThemeChoice } from '../state/theme-choice.ts'

const THEME_ICONS = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> }
const THEMES: ThemeChoice[] = ['system', 'light', 'dark']

/** Language and theme. Both are remembered in this browser, and with the account of whoever is signed in. */
export function SettingsBar() {
  const { t, i18n } = useTranslation()
  const { choice } = useTheme()
  return (
    <div className="settings-bar">
      <Segmented<Language>
        size="small"
        aria-label={t('settings.language')}
        value={i18n.language === 'zh' ? 'zh' : 'en'}
        options={[
          { value: 'en', label: LANGUAGES.en },
          { value: 'zh', label: LANGUAGES.zh },
        ]}
        onChange={(language) => void auth.prefer({ language })}
      />
      <Segmented<ThemeChoice>
        size="small"
        aria-label={t('settings.theme')}
        value={choice}
        options={THEMES.map((value) => ({
          value,
          label: (
            <span title={t(`settings.${value}`)}>
              {THEME_ICONS[value]}
              <span className="visually-hidden">{t(`settings.${value}`)}</span>
            </span>
          ),
        }))}
        onChange={(theme) => void auth.prefer({ theme })}
      />
    </div>
  )
}
