/** A scene as a server on which every route says that it ran. */
import safeconduct, { frameworkErrors } from '@safeconduct/fastify'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions, type HTTPMethods } from 'fastify'
import type { RouteSpec, Scene } from './scene.js'

/** The response header in which a handler names its route, by its number. */
export const ranHeader = 'x-ran'

/** Puts the plugin, or something in its place, on a server before its routes are declared. */
export type Install = (app: FastifyInstance, scene: Scene) => Promise<void>

export const plugin: Install = async (app, { document }) => {
  await app.register(safeconduct, { policy: document, logLevel: 'silent' })
}

/** `undefined`: it does not start. A policy may be ambiguous, routes may collide, or a preflight cannot tell them apart. */
export async function started(scene: Scene, install: Install): Promise<FastifyInstance | undefined> {
  const app = Fastify({
    routerOptions: scene.router,
    exposeHeadRoutes: scene.exposeHeadRoutes,
    ...(scene.frameworkErrors ? { frameworkErrors: frameworkErrors() } : {}),
  } as FastifyServerOptions)
  app.addHttpMethod('PROPFIND')
  try {
    await install(app, scene)
    for (const prefix of new Set(scene.routes.map((route) => route.prefix))) declareScope(app, prefix, scene)
    await app.ready()
    return app
  } catch {
    await app.close()
    return undefined
  }
}

function declareScope(app: FastifyInstance, prefix: string, { routes }: Scene): void {
  const inside = routes.flatMap((route, i) => (route.prefix === prefix ? [[route, i] as const] : []))
  if (prefix === '') for (const [route, i] of inside) declare(app, route, i)
  else {
    app.register(
      async (child) => {
        child.setNotFoundHandler((_request, reply) => reply.code(404).send('none'))
        for (const [route, i] of inside) declare(child, route, i)
      },
      { prefix },
    )
  }
}

function hostOf(text: string): string | RegExp {
  return text.startsWith('/') ? new RegExp(text.slice(1, -1)) : text
}

function declare(app: FastifyInstance, { methods, url, cors, host, version }: RouteSpec, i: number): void {
  app.route({
    method: methods as HTTPMethods[],
    url,
    constraints: {
      ...(host === undefined ? {} : { host: hostOf(host) }),
      ...(version === undefined ? {} : { version }),
    },
    config: cors === undefined ? {} : { cors },
    handler: (_request, reply: FastifyReply) => reply.header(ranHeader, i).send('ran'),
  })
}
