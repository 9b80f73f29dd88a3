import { newId } from '@askwire/contracts'
import { claimReply, dropKeptReplies, giveUpReply, keepReply } from '@askwire/store'
import { describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { newScope, type Open } from './drive.ts'

const [request, other, body] = [Buffer.from('asked'), Buffer.from('else'), Buffer.from('told')]

export function describeKeptReplies(open: Open): void {
  describe('kept replies', () => {
    const age = async (key: string, interval: string): Promise<void> => {
      const back = sql<Date>`clock_timestamp() - ${interval}::interval`
      await open().db.updateTable('keptReplies').set({ claimedAt: back }).where('key', '=', key).execute()
    }
    const claimOf = () => ({ key: newId(), claimId: newId() })

    test('of many that claim a key at once one gets it; the others hear of it, and then of its reply', async () => {
      const scope = await newScope(open())
      const { key } = claimOf()
      const claims = Array.from({ length: 8 }, () => ({ key, claimId: newId(), request }))
      const answers = await Promise.all(claims.map((claim) => claimReply(open(), scope, claim)))
      expect(answers.filter((answer) => answer === null)).toHaveLength(1)
      for (const answer of answers.filter((one) => one !== null)) expect(answer).toEqual({ request, reply: null })
      const winner = claims[answers.indexOf(null)] ?? claimOf()
      await keepReply(open(), scope, { key, claimId: newId(), status: 500, body: other })
      await keepReply(open(), scope, { ...winner, status: 201, body })
      const later = await claimReply(open(), scope, { key, claimId: newId(), request: other })
      expect(later).toEqual({ request, reply: { status: 201, body } })
      await giveUpReply(open(), scope, winner)
      expect(await claimReply(open(), scope, { ...claimOf(), key, request })).toMatchObject({ reply: { status: 201 } })
    })

    test('a key that was given up is free, and so is one whose request died; its late reply is not kept', async () => {
      const scope = await newScope(open())
      const [first, second, third] = [claimOf(), newId(), newId()]
      const { key } = first
      expect(await claimReply(open(), scope, { ...first, request })).toBeNull()
      await giveUpReply(open(), scope, first)
      expect(await claimReply(open(), scope, { key, claimId: second, request })).toBeNull()
      await age(key, '2 minutes')
      expect(await claimReply(open(), scope, { key, claimId: third, request })).toBeNull()
      await keepReply(open(), scope, { key, claimId: second, status: 201, body })
      expect(await claimReply(open(), scope, { ...claimOf(), key, request })).toEqual({ request, reply: null })
    })

    test('a reply is kept for a day', async () => {
      const scope = await newScope(open())
      const [old, young] = [claimOf(), claimOf()]
      for (const claim of [old, young]) {
        await claimReply(open(), scope, { ...claim, request })
        await keepReply(open(), scope, { ...claim, status: 201, body })
      }
      await age(old.key, '25 hours')
      await age(young.key, '23 hours')
      expect(await dropKeptReplies(open(), { limit: 1000 })).toBeGreaterThan(0)
      expect(await claimReply(open(), scope, { ...claimOf(), key: old.key, request })).toBeNull()
      expect(await claimReply(open(), scope, { ...claimOf(), key: young.key, request })).not.toBeNull()
    })
  })
}
