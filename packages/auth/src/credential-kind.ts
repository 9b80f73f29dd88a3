import { decodeProtectedHeader } from 'jose'
import { isApiToken } from './random-secret.ts'

/** What an `Authorization` header seems to carry. Only for counting refusals: nothing of it is checked. */
export type CredentialKind = 'none' | 'user_token' | 'service_token' | 'api_token' | 'malformed' | 'unknown'

/** Tells what kind of credential was refused, in a fixed word that holds nothing of the credential itself. */
export function credentialKind(authorization: string | undefined): CredentialKind {
  if (authorization === undefined || authorization === '') return 'none'
  const token = /^bearer ([\w.-]{1,4096})$/i.exec(authorization)?.[1]
  if (token === undefined) return 'malformed'
  if (isApiToken(token)) return 'api_token'
  try {
    const { typ } = decodeProtectedHeader(token)
    if (typ === 'at+jwt') return 'user_token'
    return typ === 'svc+jwt' ? 'service_token' : 'unknown'
  } catch {
    return 'unknown'
  }
}
