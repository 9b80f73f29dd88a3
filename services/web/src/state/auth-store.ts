import type { MeView, SignedIn, UpdateMeRequest } from '@askwire/contracts'
import * as api from '../api/account-api.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { chooseLanguage, i18n } from '../locales/i18n.ts'
import { parseAccess } from './access-renewal.ts'
import { loginAccess } from './login-access.ts'
import { onForeignChange, readSetting, writeSetting } from './settings.ts'
import { readTheme } from './theme-choice.ts'

/** Who is at the page. In the trial somebody is `in` who has made no account (`me.trial`). */
export type AuthState =
  | { status: 'starting' }
  | { status: 'failed'; failure: ApiError }
  /** `ended`: there was a login, and somebody or time has ended it, or its account is `erased`. */
  | { status: 'out'; ended: Ended }
  | { status: 'in'; me: MeView }

export type Ended = boolean | 'erased'

let state: AuthState = { status: 'starting' }
const listeners = new Set<() => void>()

function set(next: AuthState): void {
  state = next
  for (const listener of listeners) listener()
}

/** Finds out who is at the page. Never rejects. */
async function start(): Promise<void> {
  if (state.status === 'failed') set({ status: 'starting' })
  try {
    const me = await api.getMe()
    await enter(me)
    // Signed in by a provider: nothing is known of the access but whose it is, so it is renewed soon.
    if (!me.trial && parseAccess(readSetting('login'))?.userId !== me.id) {
      loginAccess.keep({ userId: me.id, expiresAt: new Date().toISOString() })
    }
  } catch (error) {
    const failure = toApiError(error)
    if (failure.code !== 'unauthenticated') set({ status: 'failed', failure })
    else set({ status: 'out', ended: state.status === 'in' && !state.me.trial })
  }
}

async function enter(me: MeView): Promise<void> {
  if (!me.trial) {
    writeSetting('theme', me.theme)
    await chooseLanguage(me.language)
  }
  set({ status: 'in', me })
}

/** The only place that knows who is signed in. */
export const auth = {
  getState: (): AuthState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  start,
  /** Takes in what signing in or up answered. A new account begins with the language and theme the page has. */
  entered: async ({ user, expiresAt }: SignedIn, isNew: boolean): Promise<void> => {
    loginAccess.keep({ userId: user.id, expiresAt })
    const wishes = { language: i18n.language === 'zh' ? 'zh' : 'en', theme: readTheme() } as const
    await enter(isNew ? await api.updateMe(wishes).catch(() => user) : user)
  },
  /** The account has changed: shows it. */
  changed: (me: MeView): Promise<void> => enter(me),
  /** Asks how the account is after a change that did not answer with it. What fails is shown at the next look. */
  refreshMe: async (): Promise<void> => {
    const me = await api.getMe().catch(() => undefined)
    if (me && state.status === 'in') await enter(me)
  },
  /** Applies a language or theme at once and, when signed in, stores it with the account. */
  prefer: async (wish: Pick<UpdateMeRequest, 'language' | 'theme'>): Promise<void> => {
    if (wish.theme) writeSetting('theme', wish.theme)
    if (wish.language) await chooseLanguage(wish.language)
    if (state.status !== 'in' || state.me.trial) return
    const { theme = state.me.theme, language = state.me.language } = wish
    set({ status: 'in', me: { ...state.me, theme, language } })
    // The page shows it already; should it not be stored, the next choice will be.
    await api.updateMe(wish).catch(() => {})
  },
  /** The account is being erased: its logins have ended with it. */
  erased: (): void => {
    loginAccess.keep(null)
    set({ status: 'out', ended: 'erased' })
  },
  signOut: async (): Promise<void> => {
    await api.logout()
    loginAccess.keep(null)
    set({ status: 'out', ended: false })
  },
}

/** Follows what other tabs and the gateway do to the login. Called once. */
export function watchLogin(): void {
  loginAccess.onEnded(() => {
    if (state.status === 'in') set({ status: 'out', ended: !state.me.trial })
  })
  onForeignChange('login', () => {
    loginAccess.schedule()
    const userId = parseAccess(readSetting('login'))?.userId
    // The account that ends a trial has the trial's own id.
    const known = state.status === 'in' && !state.me.trial ? state.me.id : undefined
    if (userId !== known) void start()
  })
  loginAccess.schedule()
}
