import { createOidcClient, type OidcClient } from '@askwire/auth'
import { type Clock, ConfigError } from '@askwire/runtime'
import type { OidcSecrets, OidcSettings } from '../oidc-config.ts'

/** The one sign-in provider of the installation. */
export type OidcProvider = { name: string; client: OidcClient }

/** Builds it; null where none is set up. Throws `ConfigError` for half of one. */
export function createOidcProvider(config: OidcSettings, secrets: OidcSecrets, clock: Clock): OidcProvider | null {
  const { ASKWIRE_OIDC_ISSUER: issuer, ASKWIRE_OIDC_CLIENT_ID: clientId } = config
  if (issuer === undefined && clientId === undefined) return null
  if (issuer === undefined || clientId === undefined)
    throw new ConfigError(['ASKWIRE_OIDC_ISSUER and ASKWIRE_OIDC_CLIENT_ID: set both or neither'])
  return {
    name: config.ASKWIRE_OIDC_NAME,
    client: createOidcClient(
      {
        issuer,
        clientId,
        clientSecret: secrets.ASKWIRE_OIDC_CLIENT_SECRET,
        otherOrigins: config.ASKWIRE_OIDC_ORIGINS,
      },
      clock.now,
    ),
  }
}
