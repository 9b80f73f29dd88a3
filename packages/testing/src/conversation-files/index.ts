export * from './make-conversations.ts'
