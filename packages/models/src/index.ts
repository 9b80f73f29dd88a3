export * from './ports.ts'
export * from './segment-words.ts'
