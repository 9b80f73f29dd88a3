export * from './event-log.ts'
export * from './memory-event-log.ts'
export * from './redis-event-log.ts'
