import { subscribe, unsubscribe } from 'node:diagnostics_channel'

type Route = { method: string | string[]; url: string; config?: { answersOtherMethods?: boolean } }
type App = { addHook(name: 'onRoute', hook: (route: Route) => void): void }

/** One HTTP server's routes as `METHOD url`, whoever registered them and however. */
export type SeenRoutes = Set<string>

/**
 * Sees every route of every HTTP server that is made until `stop` is called: Fastify tells of each new server on a channel of
 * Node's before anything is registered on it, so nothing can be registered unseen. Left out
 * is what only tells the methods of a path.
 */
export function watchRoutes(): { servers: SeenRoutes[]; stop(): void } {
  const servers: SeenRoutes[] = []
  const onServer = (message: unknown): void => {
    const routes: SeenRoutes = new Set()
    servers.push(routes)
    const { fastify } = message as { fastify: App }
    fastify.addHook('onRoute', ({ method, url, config }) => {
      if (config?.answersOtherMethods) return
      for (const one of [method].flat()) routes.add(`${one} ${url}`)
    })
  }
  subscribe('fastify.initialization', onServer)
  return { servers, stop: () => void unsubscribe('fastify.initialization', onServer) }
}
