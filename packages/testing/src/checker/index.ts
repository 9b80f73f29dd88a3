export * from './check-recording.ts'
export * from './recording.ts'
export type * from './violation.ts'
