import { sql } from 'kysely'
import { clock } from '../sql.ts'
import type { Store } from '../store.ts'

/** Notes that a token was used and from where; at most once a minute, for a busy token must not write with every request. */
export async function touchToken(store: Store, tokenId: string, address: string): Promise<void> {
  await store.db
    .updateTable('apiTokens')
    .set({ lastUsedAt: clock, lastUsedAddress: address })
    .where('id', '=', tokenId)
    .where((eb) =>
      eb.or([eb('lastUsedAt', 'is', null), eb('lastUsedAt', '<', sql<Date>`clock_timestamp() - interval '1 minute'`)]),
    )
    .execute()
}
