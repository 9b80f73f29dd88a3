import { newId } from '@askwire/contracts'
import {
  createApiToken,
  deleteApiToken,
  listApiTokens,
  MAX_API_TOKENS,
  type NewApiToken,
  touchToken,
} from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { codeOf, type Open } from './drive.ts'
import { newTeam, recordOf, secretHash } from './people-kit.ts'

const tokenOf = (token: Partial<NewApiToken> = {}): NewApiToken => ({
  name: 'ci',
  hash: secretHash(),
  prefix: 'sk-abcde',
  scopes: ['chat', 'chat', 'read'],
  allowedAddresses: ['192.0.2.0/24'],
  expiresInDays: 30,
  ...token,
})

export function describeApiTokens(open: Open): void {
  describe('API tokens', () => {
    test('are made, listed and deleted by their owner alone, without their hash', async () => {
      const store = open()
      const { admin, user } = await newTeam(store)
      const token = tokenOf()
      const made = await createApiToken(store, user, token)
      expect(made).toMatchObject({ name: 'ci', scopes: ['chat', 'read'], prefix: 'sk-abcde', lastUsedAt: null })
      expect((await createApiToken(store, user, tokenOf({ expiresInDays: null }))).expiresAt).toBeNull()
      expect((await listApiTokens(store, user, { limit: 5 })).items[1]).toEqual(made)
      expect((await listApiTokens(store, admin, { limit: 5 })).items).toEqual([])
      expect(await codeOf(deleteApiToken(store, admin, made.id))).toBe('not_found')
      await deleteApiToken(store, user, made.id)
      expect(await codeOf(deleteApiToken(store, user, made.id))).toBe('not_found')
      const record = await recordOf(store, made.id)
      expect(record).toMatchObject([
        { action: 'token.create', actorId: user.userId, after: { scopes: ['chat', 'read'] } },
        { action: 'token.delete', before: { prefix: 'sk-abcde' } },
      ])
      expect(JSON.stringify([made, record])).not.toContain(token.hash.toString('hex').slice(0, 16))
    })

    test('are bounded for each person, also when many are made at once', async () => {
      const store = open()
      const { user } = await newTeam(store)
      const { tenantId, userId } = user
      const rows = Array.from({ length: MAX_API_TOKENS - 2 }, () => {
        const { name, hash, prefix } = tokenOf()
        return { id: newId(), tenantId, userId, name, hash, prefix, scopes: ['chat'] }
      })
      await store.db.insertInto('apiTokens').values(rows).execute()
      const codes = await Promise.all(Array.from({ length: 6 }, () => codeOf(createApiToken(store, user, tokenOf()))))
      expect(codes.filter((code) => code === undefined)).toHaveLength(2)
      expect(codes.filter((code) => code === 'conflict')).toHaveLength(4)
    })

    test('have their last use written at most once a minute', async () => {
      const store = open()
      const { user } = await newTeam(store)
      const { id: tokenId } = await createApiToken(store, user, tokenOf())
      const use = async (address: string) => {
        await touchToken(store, tokenId, address)
        return (await listApiTokens(store, user, { limit: 1 })).items[0]
      }
      const first = await use('192.0.2.1')
      expect(first).toMatchObject({ lastUsedAddress: '192.0.2.1', lastUsedAt: expect.any(String) })
      expect(await use('192.0.2.2')).toEqual(first)
      const earlier = new Date(Date.now() - 61_000)
      await store.db.updateTable('apiTokens').set({ lastUsedAt: earlier }).where('id', '=', tokenId).execute()
      expect((await use('192.0.2.3'))?.lastUsedAddress).toBe('192.0.2.3')
    })
  })
}
