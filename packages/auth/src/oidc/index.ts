export { bounded } from './bounded-fetch.ts'
export { createOidcClient, type OidcClient, type OidcIdentity, type OidcSettings, type OidcTry } from './oidc-client.ts'
