import type { SignedIn } from '@askwire/contracts'
import { call } from './client.ts'
import { NOBODY } from './sign-ins.ts'

/** The password of every account that tests make. */
export const PASSWORD = 'correct horse battery'

/** Somebody who is signed in. */
export type Person = {
  email: string
  user: SignedIn['user']
  /** Headers to send with each request. */
  auth: { authorization: string }
  accessToken: string
  refreshToken: string
}

/** Makes an account and signs it in. */
export async function signUp(url: string, email: string, invitation?: string): Promise<Person> {
  const { status, body } = await call<SignedIn>(`${url}/api/auth/register`, {
    json: { email, password: PASSWORD, name: email.split('@')[0], ...(invitation !== undefined && { invitation }) },
    headers: NOBODY,
  })
  if (status !== 201) throw new Error(`no account for ${email}: ${status} ${JSON.stringify(body)}`)
  return toPerson(email, body)
}

/** Signs somebody in once more. */
export async function signIn(url: string, email: string, more: Record<string, string> = {}): Promise<Person> {
  const json = { email, password: PASSWORD, ...more }
  const { status, body } = await call<SignedIn>(`${url}/api/auth/login`, { json, headers: NOBODY })
  if (status !== 200) throw new Error(`${email} could not sign in: ${status} ${JSON.stringify(body)}`)
  return toPerson(email, body)
}

function toPerson(email: string, { user, accessToken = '', refreshToken = '' }: SignedIn): Person {
  return { email, user, accessToken, refreshToken, auth: { authorization: `Bearer ${accessToken}` } }
}
