import { fileURLToPath } from 'node:url'

/** The folder of the documents that are asked about. */
export const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
