export { type WorkerConfig, workerSettings } from './config.ts'
export { agentClientFor, type WorkerDeps } from './deps.ts'
export { createWorker, type Worker } from './worker.ts'
