/** What is registered on a server: nothing, less than nothing, the rival, ours. Origins → plugin. */
import fastifyCors from '@fastify/cors'
import safeconduct from '@safeconduct/fastify'

export const methods = ['GET', 'HEAD', 'POST', 'DELETE']
const allowedHeaders = ['content-type', 'x-csrf-token']

export const origins = (count) => Array.from({ length: count }, (_, i) => `https://tenant-${i}.example.com`)

export const nothing = () => async () => {}

export const emptyHook = () => async (app) => {
  app.addHook('onRequest', (_request, _reply, done) => done())
}

export const rival = (allowed) => (app) =>
  app.register(fastifyCors, { origin: allowed, methods, credentials: true, maxAge: 600, allowedHeaders })

export function policyFor(allowed) {
  const grant = { origins: allowed, methods, requestHeaders: allowedHeaders, credentials: true }
  return { version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [grant] }] }
}

export const ours = (allowed) => (app) => app.register(safeconduct, { policy: policyFor(allowed), logLevel: 'silent' })

const varyOfPreflight = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers'

/** The same headers by no decision: for an Origin that is not `refused` the headers of an allowed one. */
export const headersAlone = (allowed, refused) => async (app) => {
  const origin = allowed[allowed.length >> 1]
  app.addHook('onRequest', (request, reply, done) => {
    const isOptions = request.method === 'OPTIONS'
    reply.header('vary', isOptions ? varyOfPreflight : 'Origin')
    if (refused || request.headers.origin === undefined) return done()
    reply.header('access-control-allow-origin', origin)
    reply.header('access-control-allow-credentials', 'true')
    if (!isOptions) return done()
    reply.header('access-control-allow-methods', 'GET,HEAD,POST,DELETE')
    reply.header('access-control-allow-headers', 'content-type,x-csrf-token')
    reply.header('access-control-max-age', '600')
    reply.code(204).send()
  })
}
