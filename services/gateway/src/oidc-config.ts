import { z } from 'zod'

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/

/** What is told in the clear can be changed on the way, so only this machine may be asked so. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, search, hash } = new URL(text)
  if (username !== '' || search !== '' || hash !== '') return false
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

const isOrigin = (text: string): boolean => isIssuer(text) && new URL(text).origin === text

/** The sign-in provider: all of it or none. */
export const oidcSettings = z.object({
  /** As its discovery document names it. */
  ASKWIRE_OIDC_ISSUER: z.string().refine(isIssuer, 'must be an https address, or http on this machine').optional(),
  ASKWIRE_OIDC_CLIENT_ID: z.string().min(1).max(500).optional(),
  /** What the button says. */
  ASKWIRE_OIDC_NAME: z.string().min(1).max(60).default('OpenID Connect'),
  /** Other origins the provider's document may name for its endpoints, separated by commas. */
  ASKWIRE_OIDC_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(z.string().refine(isOrigin, 'must be origins such as https://tokens.example.com'))),
  /** Whether a person whose verified address has an account is let into it. Whoever runs the provider then owns every account. */
  ASKWIRE_OIDC_LINK_BY_EMAIL: z.stringbool().default(false),
})
export type OidcSettings = z.infer<typeof oidcSettings>

/** Its secret, apart from what may be logged; absent for a public client. */
export const oidcSecrets = z.object({ ASKWIRE_OIDC_CLIENT_SECRET: z.string().min(1).optional() })
export type OidcSecrets = z.infer<typeof oidcSecrets>
