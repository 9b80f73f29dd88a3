export { bounded } from './bounded-fetch.ts'
export {
  createOidcClient,
  type OidcClient,
  type OidcIdentity,
  type OidcSettings,
  type OidcTry,
  oidcTry,
} from './oidc-client.ts'
