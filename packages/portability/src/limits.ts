/** Longest text of one conversation; it is parsed in memory. */
export const MAX_CONVERSATION_BYTES = 32 * 1024 * 1024
export const MAX_MESSAGES = 20_000
/** Of our own archives: what another product's conversation became here may have gone on since, and takes more room than it did there. */
export const MAX_OWN_MESSAGES = 50_000
export const MAX_OWN_BYTES = 48 * 1024 * 1024
/** What a session may hold to be put into an archive; it is in memory several times then. */
export const MAX_ARCHIVED_BYTES = 64 * 1024 * 1024
/** Longest message, in UTF-16 code units. */
export const MAX_MESSAGE_CHARS = 2_000_000
export const MAX_TITLE_CHARS = 200
export const MAX_ARCHIVE_TAGS = 20
export const MAX_TAG_CHARS = 40
export const MAX_ARCHIVE_ENTRIES = 200_000
/** All entries together, unpacked. */
export const MAX_UNPACKED_BYTES = 8 * 1024 * 1024 * 1024
/** An entry that grows by more than this is made to fill a disk, not to hold conversations: text shrinks to a fifth, rarely to a fiftieth. */
export const MAX_RATIO = 500
/** Small entries may shrink by any ratio. */
export const RATIO_COUNTS_FROM_BYTES = 10 * 1024 * 1024
export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024
