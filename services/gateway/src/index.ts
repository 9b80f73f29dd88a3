export { type GatewayConfig, gatewaySettings } from './config.ts'
export type { GatewayDeps } from './deps.ts'
export { createGateway, type Gateway } from './gateway.ts'
