export type { FakeBehaviour } from './behaviour.ts'
export { findRunKey, hashChain } from './hash-chain.ts'
export type { FakeRequest } from './request-log.ts'
export { type FakeModel, startFakeModel } from './start-fake-model.ts'
