import manifest from '../package.json' with { type: 'json' }

/** This service's version, as its manifest has it. */
export const VERSION: string = manifest.version
