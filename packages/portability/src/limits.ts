/** Longest text of one conversation; it is parsed in memory. */
export const MAX_CONVERSATION_BYTES = 32 * 1024 * 1024
export const MAX_MESSAGES = 20_000
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
