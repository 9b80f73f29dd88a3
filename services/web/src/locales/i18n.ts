import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { readSetting, writeSetting } from '../state/settings.ts'
import { en } from './en.ts'

export const LANGUAGES = { en: 'English', zh: '中文' } as const
export type Language = keyof typeof LANGUAGES

export const i18n = i18next.createInstance()

/** Starts with the language that was chosen, else the browser's. Resolves when its texts are there. */
export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
  await showLanguage(initialLanguage())
}

/** Changes the page's language and remembers it. */
export async function chooseLanguage(language: Language): Promise<void> {
  writeSetting('language', language)
  await showLanguage(language)
}

/** Chinese texts are loaded when they are first needed. */
async function showLanguage(language: Language): Promise<void> {
  if (language === 'zh' && !i18n.hasResourceBundle('zh', 'translation')) {
    const { zh } = await import('./zh.ts')
    i18n.addResourceBundle('zh', 'translation', zh)
  }
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
  await i18n.changeLanguage(language)
}

function initialLanguage(): Language {
  const chosen = readSetting('language')
  if (chosen === 'en' || chosen === 'zh') return chosen
  return navigator.languages.find((tag) => /^(en|zh)\b/.test(tag))?.startsWith('zh') ? 'zh' : 'en'
}
