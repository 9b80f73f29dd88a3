import type { SignedIn } from '@askwire/contracts'
import { sendRequest } from '../api/send-request.ts'
import { type Access, createRenewal, parseAccess, type Renewal, renewInMs } from './access-renewal.ts'
import { runExclusive } from './run-exclusive.ts'
import { readSetting, writeSetting } from './settings.ts'

const ended = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

const renew = createRenewal({
  refresh: async () => {
    const { user, expiresAt } = await sendRequest<SignedIn>('/api/auth/refresh', {
      method: 'POST',
      body: { transport: 'cookie' },
    })
    return { userId: user.id, expiresAt }
  },
  exclusive: (work) => runExclusive('askwire-refresh', work),
  read: () => readSetting('login'),
  write: (access) => keep(access),
  onEnded: () => {
    for (const listener of ended) listener()
  },
})

function keep(access: Access | null): void {
  writeSetting('login', access && JSON.stringify(access))
  schedule()
}

/** Renews before the end, so that no request and no stream has to be refused first. A failure is the next request's affair. */
function schedule(): void {
  clearTimeout(timer)
  const text = readSetting('login')
  const access = parseAccess(text)
  if (!access) return
  const renewNow = (): void => void renew(text).then(schedule, schedule)
  timer = setTimeout(renewNow, renewInMs(access, Date.now()))
}

/** The access of this browser's login. Its tokens are httpOnly cookies; the page knows only when they end. */
export const loginAccess = {
  /** Names the access in use now; null when there is none, or nothing is known of it. */
  current: (): string | null => readSetting('login'),
  renew: (used: string | null): Promise<Renewal> => renew(used),
  keep,
  schedule,
  /** Calls `listener` when the login turns out to be over. Returns what ends that. */
  onEnded: (listener: () => void): (() => void) => {
    ended.add(listener)
    return () => ended.delete(listener)
  },
}
