export { type GatewayConfig, type GatewaySecrets, gatewaySecrets, gatewaySettings } from './config.ts'
export type { GatewayDeps } from './deps.ts'
export { createGateway, type Gateway } from './gateway.ts'
