import { AppError } from '@askwire/contracts'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  clockSkew,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import { z } from 'zod'
import { bounded } from './bounded-fetch.ts'

export type OidcSettings = {
  issuer: string
  clientId: string
  clientSecret?: string | undefined
  /** Other origins the issuer's document may name for its endpoints; requests go to these and the issuer's own alone. */
  otherOrigins?: readonly string[]
}

/** What one try to sign in must come back with. Secret: whoever has it can finish the try. */
export const oidcTry = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), redirectUri: z.string() })
export type OidcTry = z.infer<typeof oidcTry>

/** Whom the provider vouches for. `email` only when the provider says that it was verified. */
export type OidcIdentity = { issuer: string; subject: string; email: string | null; name: string | null }

/** Sign-in by an OpenID Connect provider: authorization code with PKCE (RFC 7636), state and nonce. */
export type OidcClient = {
  /** Where the browser has to go. Throws `overloaded` while the provider does not answer. */
  begin(redirectUri: string): Promise<{ url: string; attempt: OidcTry }>
  /** Exchanges the code. Throws `unauthenticated` for anything that is not the one answer to this try. */
  finish(callback: { query: string }, attempt: OidcTry): Promise<OidcIdentity>
}

const ANSWER_SECONDS = 5
/** The provider's document is read again after this, for it may have moved its endpoints. */
const KNOWN_MS = 60 * 60 * 1000

const claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.email().max(254).toLowerCase().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
  name: z.string().trim().min(1).max(100).optional().catch(undefined),
})

/** A client of one provider. Asks it nothing before the first sign-in; a provider that was away is asked again. */
export function createOidcClient(settings: OidcSettings, now: () => number): OidcClient {
  let known: { until: number; config: Promise<Configuration> } | undefined

  const configuration = async (): Promise<Configuration> => {
    if (!known || known.until < now()) known = { until: now() + KNOWN_MS, config: discover(settings, now) }
    try {
      return await known.config
    } catch (cause) {
      known = undefined
      throw new AppError('overloaded', 'The sign-in provider does not answer.', { cause })
    }
  }

  return {
    begin: async (redirectUri) => {
      const config = await configuration()
      const attempt = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), redirectUri }
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid email profile',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },
    finish: async ({ query }, { state, nonce, verifier, redirectUri }) => {
      const config = await configuration()
      try {
        const tokens = await authorizationCodeGrant(config, new URL(`${redirectUri}?${query}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        })
        return await identityOf(config, tokens.access_token, tokens.claims())
      } catch (cause) {
        throw new AppError('unauthenticated', 'The sign-in provider did not vouch for you.', { cause })
      }
    },
  }
}

/** What the ID token says, and beside it what only the userinfo endpoint tells: providers that keep to the letter tell name and address there. */
async function identityOf(
  config: Configuration,
  accessToken: string,
  told: Record<string, unknown> | undefined,
): Promise<OidcIdentity> {
  const { issuer, userinfo_endpoint: more } = config.serverMetadata()
  const { sub } = claims.parse(told)
  const info = more ? await fetchUserInfo(config, accessToken, sub) : {}
  const { email, email_verified, name } = claims.parse({ ...info, ...told })
  return { issuer, subject: sub, email: email_verified === true && email ? email : null, name: name ?? null }
}

async function discover(
  { issuer, clientId, clientSecret, otherOrigins = [] }: OidcSettings,
  now: () => number,
): Promise<Configuration> {
  const url = new URL(issuer)
  // The library goes by this machine's clock; it takes how far that is off.
  const offSeconds = Math.round((now() - Date.now()) / 1000)
  const secret = clientSecret === undefined ? {} : { client_secret: clientSecret }
  const origins = new Set([url.origin, ...otherOrigins])
  const insecure = url.protocol === 'http:' ? [allowInsecureRequests] : []
  const config = await discovery(url, clientId, { ...secret, [clockSkew]: offSeconds }, undefined, {
    timeout: ANSWER_SECONDS,
    [customFetch]: bounded(origins),
    // The ID token's signature is checked too, also where it came by TLS from the issuer itself.
    execute: [...insecure, enableNonRepudiationChecks],
  })
  config[customFetch] = bounded(origins)
  config.timeout = ANSWER_SECONDS
  return config
}
