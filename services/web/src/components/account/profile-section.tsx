import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useMe } from '../../hooks/use-auth.ts'
import { useDates } from '../../hooks/use-dates.ts'
import { LANGUAGES, type Language } from '../../locales/i18n.ts'
import { auth } from '../../state/auth-store.ts'
import type { ThemeChoice } from '../../state/theme-choice.ts'
import { ActionForm } from '../forms/action-form.tsx'
import { SelectField, TextField } from '../forms/field.tsx'
import { SavedNote } from '../forms/saved-note.tsx'

const LANGUAGE_OPTIONS: { value: Language; label: string }[] = [
  { value: 'en', label: LANGUAGES.en },
  { value: 'zh', label: LANGUAGES.zh },
]
const THEMES: ThemeChoice[] = ['system', 'light', 'dark']

/** Name, language and theme; kept with the account, so every browser shows them. */
export function ProfileSection() {
  const { t } = useTranslation()
  const me = useMe()
  const { date } = useDates()
  const [name, setName] = useState(me.name)
  const [language, setLanguage] = useState<Language>(me.language)
  const [theme, setTheme] = useState<ThemeChoice>(me.theme)
  const [saved, setSaved] = useState(false)
  const action = useAction()
  const save = async (): Promise<void> => {
    setSaved(false)
    const change = { name: name.trim(), language, theme }
    if (await action.run(async () => auth.changed(await api.updateMe(change)))) setSaved(true)
  }
  return (
    <>
      <ActionForm
        action={action}
        submit={t('form.save')}
        onSubmit={() => void save()}
        ready={name.trim() !== ''}
        area="formFailure"
        aside={<SavedNote shown={saved} />}
      >
        <TextField label={t('auth.name')} value={name} onChange={setName} autoComplete="name" maxLength={100} />
        <SelectField
          label={t('settings.language')}
          value={language}
          options={LANGUAGE_OPTIONS}
          onChange={setLanguage}
        />
        <SelectField
          label={t('settings.theme')}
          value={theme}
          options={THEMES.map((value) => ({ value, label: t(`settings.${value}`) }))}
          onChange={setTheme}
        />
      </ActionForm>
      <dl className="facts">
        <dt>{t('auth.email')}</dt>
        <dd>{me.email ?? '–'}</dd>
        <dt>{t('account.role')}</dt>
        <dd>{me.owner ? `${me.role.name} · ${t('people.owner')}` : me.role.name}</dd>
        <dt>{t('account.tenant')}</dt>
        <dd>{me.tenantName}</dd>
        <dt>{t('account.since')}</dt>
        <dd>{date(me.createdAt)}</dd>
      </dl>
    </>
  )
}
