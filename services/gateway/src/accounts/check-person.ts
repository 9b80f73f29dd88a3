import { AppError } from '@askwire/contracts'
import { type Account, type Factor, findAccountById } from '@askwire/store'
import type { GatewayContext } from '../context.ts'
import type { Principal } from '../principal.ts'
import { checkFactor } from './check-factor.ts'

/** What was found right, to be confirmed by the transaction that relies on it. */
export type Checked = { account: Account; passwordHash: string | null; factor?: Factor }

/**
 * Makes sure, before a change to the account itself, that the person is there and not only their session: the password, if there is one,
 * and a fresh factor, if there is one. Throws `forbidden` for a wrong password or code, `mfa_required`, `rate_limited`, and `conflict` in
 * the trial, which has no account.
 */
export async function checkPerson(
  context: GatewayContext,
  principal: Principal,
  shown: { password?: string | undefined; code?: string | undefined },
): Promise<Checked> {
  const account = await findAccountById(context.store, principal)
  if (!account) throw new AppError('conflict', 'Make an account first.')
  if (account.passwordHash !== null) {
    await context.limits.attempt('login', { address: principal.address, account: account.email })
    if (!(await context.auth.passwords.verify(shown.password ?? '', account.passwordHash))) throw wrong('password')
    await context.limits.succeeded('login', account.email)
  }
  const factor = await checkFactor(context, account, shown.code, principal)
  if (factor === 'wrong') throw wrong('code')
  return { account, passwordHash: account.passwordHash, ...(factor && { factor }) }
}

/** For what does not hold any more when it is relied on: a factor, used meanwhile, is far likelier than a password that was changed meanwhile. */
export const noLonger = (checked: Pick<Checked, 'factor'>): AppError => wrong(checked.factor ? 'code' : 'password')

/** Not 401: the person is signed in, and a page must not take it for the end of that. */
export function wrong(what: 'password' | 'code'): AppError {
  return new AppError('forbidden', what === 'password' ? 'The password is wrong.' : 'This code does not work.')
}
