import { z } from 'zod'
import { permission } from '../permissions.ts'
import { email, factorCode, handedSecret, line, newPassword, password, sitePath } from './text.ts'

export const REGISTRATION_MODES = ['open', 'invite', 'closed'] as const
export const LANGUAGES = ['en', 'zh'] as const
export const THEMES = ['system', 'light', 'dark'] as const

/** `cookie`: the tokens come as httpOnly cookies and not in the body. For pages; everyone else wants `body`. */
const transport = z.enum(['body', 'cookie']).default('body')

/** Body of `GET /api/auth/options`: what a sign-in page needs to know before anyone is signed in. */
export const authOptions = z.object({
  registration: z.enum(REGISTRATION_MODES),
  firstAccount: z.boolean().meta({ description: 'There is no account yet: who registers now becomes the owner.' }),
  trial: z.boolean().meta({ description: 'Until the first account is made, everything works without signing in.' }),
  oidc: z.object({ name: z.string() }).nullable(),
})
export type AuthOptions = z.infer<typeof authOptions>

/** Body of `POST /api/auth/register`. */
export const registerRequest = z.strictObject({
  email,
  password: newPassword,
  name: line(100),
  invitation: handedSecret.optional(),
  transport,
})
export type RegisterRequest = z.infer<typeof registerRequest>

/** Body of `POST /api/auth/login`. `code` is asked for by 401 `mfa_required`. */
export const loginRequest = z.strictObject({ email, password, code: factorCode.optional(), transport })
export type LoginRequest = z.infer<typeof loginRequest>

/** Body of `POST /api/auth/refresh` and `logout`; pages send none and are known by their cookie. */
export const refreshRequest = z
  .strictObject({ refreshToken: handedSecret.optional(), transport })
  .default({ transport: 'body' })
export const logoutRequest = z.strictObject({ refreshToken: handedSecret.optional() }).default({})

/** A person as they see themselves. */
export const meView = z.object({
  id: z.string(),
  tenantId: z.string(),
  tenantName: z.string(),
  email: z.string().nullable(),
  name: z.string(),
  language: z.enum(LANGUAGES),
  theme: z.enum(THEMES),
  role: z.object({ id: z.string(), name: z.string() }),
  owner: z.boolean(),
  permissions: z.array(permission),
  mfaEnabled: z.boolean(),
  backupCodesLeft: z.int().nonnegative(),
  hasPassword: z.boolean(),
  oidcLinked: z.boolean(),
  trial: z.boolean(),
  createdAt: z.string(),
})
export type MeView = z.infer<typeof meView>

/** What registering, logging in and refreshing answer. With `transport: cookie` the token fields are absent. */
export const signedIn = z.object({
  user: meView,
  accessToken: z.string().optional(),
  refreshToken: z.string().optional(),
  expiresAt: z.string().meta({ description: 'When the access token ends.' }),
})
export type SignedIn = z.infer<typeof signedIn>

/** Body of `PATCH /api/auth/me`. */
export const updateMeRequest = z.strictObject({
  name: line(100).optional(),
  language: z.enum(LANGUAGES).optional(),
  theme: z.enum(THEMES).optional(),
})
export type UpdateMeRequest = z.infer<typeof updateMeRequest>

/** Body of `POST /api/auth/password`. `currentPassword` is absent only for accounts that have none yet (made by OIDC). */
export const changePasswordRequest = z.strictObject({
  currentPassword: password.optional(),
  newPassword,
  code: factorCode.optional(),
})
export type ChangePasswordRequest = z.infer<typeof changePasswordRequest>

export const forgotPasswordRequest = z.strictObject({ email })
export const resetPasswordRequest = z.strictObject({ token: handedSecret, newPassword })

/** That the person is there: the password, if there is one, and a fresh code, if there is a second factor. */
export const proof = z.strictObject({ password: password.optional(), code: factorCode.optional() })
/** Body of `POST /api/auth/oidc/unlink`. */
export const oidcUnlinkRequest = proof.default({})

/** Body of `POST /api/auth/mfa/setup`: begins an enrolment; nothing changes until it is confirmed. */
export const mfaSetupRequest = proof
export const mfaSetup = z.object({
  secret: z.string().meta({ description: 'Base32, for typing by hand.' }),
  otpauthUrl: z.string(),
  qrSvg: z.string().meta({ description: 'The same as an SVG image.' }),
})
export type MfaSetup = z.infer<typeof mfaSetup>
export const mfaConfirmRequest = z.strictObject({ code: factorCode })
export const mfaDisableRequest = z.strictObject({ password: password.optional(), code: factorCode })
/** Backup codes, shown once; each works once. */
export const backupCodes = z.object({ backupCodes: z.array(z.string()) })
export type BackupCodes = z.infer<typeof backupCodes>

/** An item of `GET /api/auth/logins`: one place where I am signed in. */
export const loginView = z.object({
  id: z.string(),
  current: z.boolean(),
  address: z.string(),
  agent: z.string(),
  method: z.enum(['password', 'oidc', 'register', 'reset']),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string(),
})
export type LoginView = z.infer<typeof loginView>

/**
 * Body of `POST /api/auth/oidc/start`. `cookie`: the browser comes back signed in, to `returnTo`. `body`: the callback answers as `login`
 * does. `invitation` is for those who have no account yet.
 */
export const oidcStartRequest = z
  .strictObject({
    transport: z.enum(['body', 'cookie']).default('cookie'),
    returnTo: sitePath.default('/'),
    invitation: handedSecret.optional(),
  })
  .default({ transport: 'cookie', returnTo: '/' })
export type OidcStartRequest = z.infer<typeof oidcStartRequest>
/** Body of `POST /api/auth/oidc/link`: a password, and a code where there is a second factor, as for every change of how one signs in. */
export const oidcLinkRequest = z
  .strictObject({
    password: password.optional(),
    code: factorCode.optional(),
    returnTo: sitePath.default('/'),
  })
  .default({ returnTo: '/' })
export type OidcLinkRequest = z.infer<typeof oidcLinkRequest>

/** Where a browser has to go to sign in, or to link an account, with the OIDC provider. */
export const oidcRedirect = z.object({ url: z.string() })
/** Body of an answer that says only that it was done. */
export const done = z.object({ done: z.literal(true) })
