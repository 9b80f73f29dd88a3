import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/account-api.ts'
import { ActivitiesView } from '../activities/activities-view.tsx'
import { ConfirmButton } from '../forms/confirm-button.tsx'

/** What happened in one's own account. The view can be cleared; the record stays. */
export function MyActivitiesSection() {
  const { t } = useTranslation()
  const [round, setRound] = useState(0)
  const clear = async (): Promise<void> => {
    await api.clearActivities()
    setRound((now) => now + 1)
  }
  return (
    <>
      <p>{t('activities.own')}</p>
      <ActivitiesView
        key={round}
        scope="own"
        aside={
          <ConfirmButton
            label={t('activities.clear')}
            question={t('activities.clearQuestion')}
            consequence={<p>{t('activities.clearNote')}</p>}
            onConfirm={clear}
            area="formFailure"
          />
        }
      />
    </>
  )
}
