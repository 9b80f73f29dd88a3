import { CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { useAction } from '../../hooks/use-action.ts'
import { useAuth } from '../../hooks/use-auth.ts'
import { navigate } from '../../state/navigation.ts'
import { FailureAlert } from '../failure-alert.tsx'

type CopyButtonProps = { shareKey: string; password: string | undefined; onSignIn(): void }

/** Makes a session of one's own of a snapshot and opens it; who is not signed in is asked to. */
export function CopyButton({ shareKey, password, onSignIn }: CopyButtonProps) {
  const { t } = useTranslation()
  const auth = useAuth()
  const { busy, failure, run, dismiss } = useAction()
  if (auth.status === 'out') return <Button onClick={onSignIn}>{t('shared.signIn')}</Button>
  if (auth.status !== 'in' || !auth.me.permissions.includes('chat.ask')) return null
  const copy = async (): Promise<void> => {
    const { id } = await api.copyShared(shareKey, password)
    navigate(`/c/${id}`)
  }
  return (
    <>
      <Button type="primary" icon={<CopyOutlined />} loading={busy} onClick={() => void run(copy)}>
        {t('shared.copy')}
      </Button>
      <FailureAlert failure={failure} area="sharedFailure" onDismiss={dismiss} />
    </>
  )
}
