export * from './fake-model/index.ts'
