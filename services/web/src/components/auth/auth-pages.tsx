import type { Ended } from '../../state/auth-store.ts'
import { navigate } from '../../state/navigation.ts'
import type { Route } from '../../state/routes.ts'
import { ForgotPage } from './forgot-page.tsx'
import { ResetPage } from './reset-page.tsx'
import { SignInPage } from './sign-in-page.tsx'
import { SignUpPage } from './sign-up-page.tsx'

/** The pages one sees without being signed in. An address of any other page keeps until one is. */
export function AuthPages({ route, ended }: { route: Route; ended: Ended }) {
  const home = (): void => navigate('/', { replace: true })
  switch (route.page) {
    case 'register':
      return <SignUpPage key={route.invitation} invitation={route.invitation} onDone={home} />
    case 'forgot':
      return <ForgotPage />
    case 'reset':
      return <ResetPage key={route.token} token={route.token} />
    case 'signin':
      return <SignInPage ended={ended} onDone={home} />
    default:
      return <SignInPage ended={ended} onDone={() => {}} />
  }
}
