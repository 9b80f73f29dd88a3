export {
  type OidcPerson,
  type OidcProviderOptions,
  type OidcProviderProcess,
  signInAtProvider,
  startOidcProvider,
} from './start-oidc-provider.ts'
