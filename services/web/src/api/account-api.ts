import type {
  ActivitiesQuery,
  ActivityStats,
  ActivityView,
  AuthOptions,
  BackupCodes,
  ChangePasswordRequest,
  CreatedToken,
  LoginView,
  MeView,
  MfaSetup,
  Page,
  SignedIn,
  TokenScope,
  TokenView,
  UpdateMeRequest,
} from '@askwire/contracts'
import { requestJson } from './http-client.ts'
import { queryOf } from './query-of.ts'
import { sendRequest } from './send-request.ts'

const cookie = { transport: 'cookie' } as const
const post = (body?: unknown) => ({ method: 'POST', ...(body !== undefined && { body }) }) as const
const remove = { method: 'DELETE' } as const
const id = encodeURIComponent

/** What a sign-in page needs to know before anyone is signed in. */
export const getAuthOptions = (): Promise<AuthOptions> => sendRequest('/api/auth/options')

export type Registration = { email: string; password: string; name: string; invitation?: string | undefined }
/** Makes an account and signs in. 401s of this and the next are about what was typed, so no access is renewed for them. */
export const register = (registration: Registration): Promise<SignedIn> =>
  sendRequest('/api/auth/register', post({ ...registration, ...cookie }))
export const login = (credentials: { email: string; password: string; code?: string | undefined }): Promise<SignedIn> =>
  sendRequest('/api/auth/login', post({ ...credentials, ...cookie }))
export const logout = (): Promise<unknown> => sendRequest('/api/auth/logout', post({}))
export const startOidc = (way: { returnTo: string; invitation?: string }): Promise<{ url: string }> =>
  sendRequest('/api/auth/oidc/start', post({ ...way, ...cookie }))
export const forgotPassword = (email: string): Promise<unknown> =>
  sendRequest('/api/auth/password/forgot', post({ email }))
export const resetPassword = (token: string, newPassword: string): Promise<unknown> =>
  sendRequest('/api/auth/password/reset', post({ token, newPassword }))

export const getMe = (): Promise<MeView> => requestJson('/api/auth/me')
export const updateMe = (change: UpdateMeRequest): Promise<MeView> =>
  requestJson('/api/auth/me', { method: 'PATCH', body: change })
export const changePassword = (change: ChangePasswordRequest): Promise<unknown> =>
  requestJson('/api/auth/password', post(change))

/** A fresh proof of who is there: the password, and a code once there is an authenticator. */
export type Proof = { password?: string | undefined; code?: string | undefined }
export const setUpMfa = (proof: Proof): Promise<MfaSetup> => requestJson('/api/auth/mfa/setup', post(proof))
export const confirmMfa = (code: string): Promise<BackupCodes> => requestJson('/api/auth/mfa/confirm', post({ code }))
export const disableMfa = (proof: Proof): Promise<unknown> => requestJson('/api/auth/mfa/disable', post(proof))
export const renewBackupCodes = (proof: Proof): Promise<BackupCodes> =>
  requestJson('/api/auth/mfa/backup-codes', post(proof))

export const linkOidc = (link: Proof & { returnTo: string }): Promise<{ url: string }> =>
  requestJson('/api/auth/oidc/link', post(link))
export const unlinkOidc = (proof: Proof): Promise<unknown> => requestJson('/api/auth/oidc/unlink', post(proof))

export const listLogins = (cursor?: string): Promise<Page<LoginView>> =>
  requestJson(`/api/auth/logins${queryOf({ limit: 50, cursor })}`)
export const endLogin = (loginId: string): Promise<unknown> => requestJson(`/api/auth/logins/${id(loginId)}`, remove)

export const listTokens = (cursor?: string): Promise<Page<TokenView>> =>
  requestJson(`/api/tokens${queryOf({ limit: 50, cursor })}`)
export type NewToken = { name: string; scopes: TokenScope[]; allowedAddresses: string[]; expiresInDays: number | null }
export const createToken = (token: NewToken): Promise<CreatedToken> => requestJson('/api/tokens', post(token))
export const deleteToken = (tokenId: string): Promise<unknown> => requestJson(`/api/tokens/${id(tokenId)}`, remove)

export type ActivitiesFilter = Partial<Omit<ActivitiesQuery, 'limit'>>
export const listActivities = (filter: ActivitiesFilter): Promise<Page<ActivityView>> =>
  requestJson(`/api/activities${queryOf({ limit: 25, ...filter })}`)
export const clearActivities = (): Promise<{ cleared: number }> => requestJson('/api/activities', remove)
export type StatsFilter = { scope: 'own' | 'tenant'; days: number; tenantId?: string | undefined }
export const getActivityStats = (filter: StatsFilter): Promise<ActivityStats> =>
  requestJson(`/api/activities/stats${queryOf(filter)}`)
