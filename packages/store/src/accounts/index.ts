export { type Factor, useFactor } from './factors.ts'
export { type Account, findAccount, findAccountById, hasAccounts } from './find-account.ts'
export { findPrincipalByLogin, findPrincipalByToken, listPrincipals, type PrincipalRow } from './find-principals.ts'
export { insertLogin, LOGIN_LIFE_MS, type NewLogin } from './insert-login.ts'
export { listAccounts } from './list-accounts.ts'
export { endLogin, endLoginOfRefresh, endLoginsOf, listLogins } from './logins.ts'
export { getMe, type Me, updateMe } from './me.ts'
export {
  confirmPerson,
  type LinkedIdentity,
  linkByEmail,
  linkIdentity,
  registerLinked,
  startLinkedLogin,
  unlinkIdentity,
} from './oidc-identities.ts'
export { changePassword, RESET_LIFE_MS, resetByOperator, resetPassword, startReset } from './passwords.ts'
export { type Registered, type Registration, registerAccount } from './register-account.ts'
export { type Rotation, rotateRefresh } from './rotate-refresh.ts'
export {
  disableSecondFactor,
  enableSecondFactor,
  findEnrolment,
  renewBackupCodes,
  resealFactor,
  startEnrolment,
} from './second-factor.ts'
export { addSigningKey, listSigningKeys, type SigningKeyRow } from './signing-keys.ts'
export { recordLoginFailure, startLogin } from './start-login.ts'
export { touchToken } from './touch-token.ts'
