export type { ClusterServers, OwnServers } from './cluster-servers.ts'
export * from './publish-raw.ts'
export { createServiceProcess, type ServiceKind, type ServiceProcess } from './service-process.ts'
export * from './start-cluster.ts'
