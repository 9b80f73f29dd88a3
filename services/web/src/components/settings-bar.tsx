import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ThemeChoice } from '../hooks/use-theme.ts'
import { chooseLanguage, LANGUAGES, type Language } from '../locales/i18n.ts'

const THEME_ICONS = { system: <DesktopOutlined />, light: <SunOutlined />, dark: <MoonOutlined /> }
const THEMES: ThemeChoice[] = ['system', 'light', 'dark']

/** Language and theme. Both are remembered in this browser. */
export function SettingsBar({ theme, onTheme }: { theme: ThemeChoice; onTheme(choice: ThemeChoice): void }) {
  const { t, i18n } = useTranslation()
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
        onChange={(language) => void chooseLanguage(language)}
      />
      <Segmented<ThemeChoice>
        size="small"
        aria-label={t('settings.theme')}
        value={theme}
        options={THEMES.map((value) => ({
          value,
          label: (
            <span title={t(`settings.${value}`)}>
              {THEME_ICONS[value]}
              <span className="visually-hidden">{t(`settings.${value}`)}</span>
            </span>
          ),
        }))}
        onChange={onTheme}
      />
    </div>
  )
}
