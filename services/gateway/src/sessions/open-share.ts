import { hashSecret } from '@askwire/auth'
import { AppError, type SharedSnapshot } from '@askwire/contracts'
import { countView, findShare } from '@askwire/store'
import type { GatewayContext } from '../context.ts'

/** 128 random bits in base64url. */
export const SHARE_KEY = /^[\w-]{22}$/

/**
 * What the key of a share, and its password where it has one, open. Whatever is wrong with a key is the same `not_found`: unknown, expired, revoked,
 * its session deleted, its owner barred. Throws `password_required` for a missing or wrong password, and `rate_limited`.
 */
export async function openShare(
  context: GatewayContext,
  viewer: { key: string; password: string | undefined; address: string },
): Promise<SharedSnapshot> {
  const { key, password, address } = viewer
  await context.limits.attempt('share', { address })
  const keyHash = hashSecret(key)
  const account = keyHash.toString('base64url')
  if (password !== undefined) await context.limits.attempt('share_password', { address, account })
  const share = SHARE_KEY.test(key) ? await findShare(context.store, keyHash) : undefined
  // The same work for a key that opens nothing: the clock does not tell them apart.
  const isRight = password !== undefined && (await context.auth.passwords.verify(password, share?.passwordHash ?? null))
  if (!share) throw noShare()
  if (share.passwordHash !== null && !isRight)
    throw new AppError('password_required', 'This page opens with its password.')
  if (isRight) await context.limits.succeeded('share_password', account)
  if (!(await countView(context.store, share.id))) throw noShare()
  return share.snapshot
}

const noShare = (): AppError => new AppError('not_found', 'There is nothing here by that key.')
