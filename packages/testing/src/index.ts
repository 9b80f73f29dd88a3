export * from './fake-model/index.ts'
export * from './servers/index.ts'
export * from './tcp-proxy.ts'
export * from './wait-for.ts'
