import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../../api/sharing-api.ts'
import { useAuth } from '../../hooks/use-auth.ts'
import { useLoad } from '../../hooks/use-load.ts'
import { AuthPages } from '../auth/auth-pages.tsx'
import { FailureAlert } from '../failure-alert.tsx'
import { StartView } from '../layout/start-view.tsx'
import { CopyButton } from './copy-button.tsx'
import { SharedFrame } from './shared-frame.tsx'
import { SnapshotView } from './snapshot-view.tsx'
import { UnlockForm } from './unlock-form.tsx'

type Unlocked = { password: string; snapshot: Awaited<ReturnType<typeof api.openShared>> }

/** What somebody shared, for whoever has its address; nobody has to be signed in. What the address opens no more was never there. */
export function SharedPage({ shareKey }: { shareKey: string }) {
  const { t } = useTranslation()
  const auth = useAuth()
  const first = useLoad(useCallback(() => api.openShared(shareKey), [shareKey]))
  const [unlocked, setUnlocked] = useState<Unlocked>()
  const [signingIn, setSigningIn] = useState(false)
  const snapshot = unlocked?.snapshot ?? first.data
  const code = first.failure?.code

  if (signingIn && auth.status === 'out') return <AuthPages route={{ page: 'chat' }} ended={false} />
  if (snapshot) {
    return (
      <SharedFrame
        title={snapshot.title ?? t('nav.untitled')}
        sharedAt={snapshot.sharedAt}
        action={<CopyButton shareKey={shareKey} password={unlocked?.password} onSignIn={() => setSigningIn(true)} />}
      >
        <SnapshotView messages={snapshot.messages} />
      </SharedFrame>
    )
  }
  if (code === 'password_required') {
    const unlock = async (password: string): Promise<void> =>
      setUnlocked({ password, snapshot: await api.openShared(shareKey, password) })
    return (
      <SharedFrame title={t('shared.locked')}>
        <UnlockForm onUnlock={unlock} />
      </SharedFrame>
    )
  }
  if (code === 'not_found') {
    return (
      <SharedFrame title={t('shared.missing')}>
        <p className="note">{t('shared.missingNote')}</p>
      </SharedFrame>
    )
  }
  if (!first.failure) return <StartView />
  return (
    <SharedFrame title={t('shared.failed')}>
      <FailureAlert failure={first.failure} area="sharedFailure" onRetry={first.reload} />
    </SharedFrame>
  )
}
