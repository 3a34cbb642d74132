/** Where the plugin cannot do its work, or somebody else does it too. */
import type { FastifyInstance } from 'fastify'
import { SafeconductError } from './error.js'

export function refuseScope(app: FastifyInstance): void {
  if (app.hasDecorator('safeconduct')) {
    const message =
      'safeconduct: registered twice; one policy decides for the whole server, and `config.cors` for a route'
    throw new SafeconductError('SAFECONDUCT_TWICE', message)
  }
  // A preflight has no route, so it stays out of every scope but the root's.
  if (Object.getPrototypeOf(app) !== Object.prototype) {
    const message =
      'safeconduct: registered in a scope of its own, where preflights do not come by; register it on the root instance, or wrap the plugin around it with fastify-plugin'
    throw new SafeconductError('SAFECONDUCT_SCOPE', message)
  }
}

const rival = '@fastify/cors'

/** In any scope, as far as plugins are loaded by now. */
export function refuseCors(app: FastifyInstance): void {
  if (!app.hasPlugin(rival) && !app.printPlugins().includes(rival)) return
  const message = `safeconduct: ${rival} is registered too; one of them has to go, for both write the same headers`
  throw new SafeconductError('SAFECONDUCT_BESIDE_CORS', message)
}

const middleware = ['@fastify/middie', '@fastify/express']

/** What is told of a neighbour whose middlewares may answer before our hook, where nothing of ours sees the answer. */
export function earlierMiddleware(app: FastifyInstance): string | undefined {
  const found = middleware.find((name) => app.hasPlugin(name))
  if (found === undefined) return undefined
  return `${found} was registered before safeconduct: a middleware that answers in its first hook, \`cors\` for one, does so without the policy, preflights too; register safeconduct first`
}
