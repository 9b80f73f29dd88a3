import { lazy, Suspense, useEffect } from 'react'
import { MeContext, useAuth } from '../hooks/use-auth.ts'
import { usePath } from '../hooks/use-path.ts'
import { auth } from '../state/auth-store.ts'
import { navigate } from '../state/navigation.ts'
import { accountSections, routeOf } from '../state/routes.ts'
import { ChatPage } from './chat-page.tsx'
import { StartView } from './layout/start-view.tsx'

// Most visits are to the chat: the rest is fetched when it is gone to.
const AuthPages = lazy(async () => ({ default: (await import('./auth/auth-pages.tsx')).AuthPages }))
const AccountPage = lazy(async () => ({ default: (await import('./account/account-page.tsx')).AccountPage }))
const AdminPage = lazy(async () => ({ default: (await import('./admin/admin-page.tsx')).AdminPage }))
const SharedPage = lazy(async () => ({ default: (await import('./shared/shared-page.tsx')).SharedPage }))

/** Shows the page the address names to whoever is there; to nobody, the way in. */
export function PageRouter() {
  const state = useAuth()
  const route = routeOf(usePath())
  const signedIn = state.status === 'in' && !state.me.trial
  // Sign-in pages are none for someone who is signed in; with a link in hand they are.
  const superfluous = signedIn && (route.page === 'signin' || (route.page === 'register' && !route.invitation))
  const forStrangers = ['signin', 'register', 'forgot', 'reset'].includes(route.page) && !superfluous

  useEffect(() => {
    if (superfluous) navigate('/', { replace: true })
  }, [superfluous])

  // Whoever has the address of a share may read it, whoever they are.
  if (route.page === 'shared') {
    return (
      <Suspense fallback={<StartView />}>
        <SharedPage key={route.key} shareKey={route.key} />
      </Suspense>
    )
  }
  if (state.status === 'starting') return <StartView />
  if (state.status === 'failed') return <StartView failure={state.failure} onRetry={() => void auth.start()} />
  if (state.status === 'out' || forStrangers) {
    return (
      <Suspense fallback={<StartView />}>
        <AuthPages route={route} ended={state.status === 'out' && state.ended} />
      </Suspense>
    )
  }
  const { me } = state
  return (
    <MeContext value={me}>
      <Suspense fallback={<StartView />}>
        {route.page === 'account' && (!me.trial || accountSections(me).includes(route.section)) ? (
          <AccountPage section={route.section} />
        ) : route.page === 'admin' && !me.trial ? (
          <AdminPage section={route.section} />
        ) : (
          // Another person's page is another page: nothing of the last one is left in it.
          <ChatPage key={me.id} />
        )}
      </Suspense>
    </MeContext>
  )
}
