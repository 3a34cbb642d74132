/**
 * Ours and the rivals as one kind of thing: a configuration → `{ prepare, run }`. `prepare` makes of a request and a response
 * what the subject's framework would hand it, before the clock starts; `run` decides and sets the headers.
 *
 * A configuration is `{ origins, patterns, paths, allowHeaders }`: exact origins, subdomain globs (`https://*.a.example`), path
 * globs (ours alone has them) and the request headers granted (none: whatever is asked, which the rivals reflect).
 */
import fastifyCors from '@fastify/cors'
import koaCors from '@koa/cors'
import { canonicalPath, compilePolicy, evaluate } from '@safeconduct/core'
import expressCors from 'cors'
import { cors as honoCors } from 'hono/cors'

export const methods = ['GET', 'HEAD', 'POST', 'DELETE']

/** A rival's best: exact origins as strings, a subdomain glob as an expression that is anchored and cannot backtrack. */
function list({ origins, patterns }) {
  return patterns.length === 0 ? origins : patterns.map(expressionOf)
}

function expressionOf(glob) {
  const [scheme, host] = glob.split('*')
  return new RegExp(`^${scheme}[a-z0-9-]+${host.replaceAll('.', '\\.')}$`)
}

/** For those that have no list of expressions, the function that their documentation tells one to write. */
function chooser(config) {
  const allowed = list(config)
  if (config.patterns.length > 0) return (origin) => (allowed.some((re) => re.test(origin)) ? origin : '')
  return (origin) => (allowed.includes(origin) ? origin : '')
}

const policies = new Map()

/** One a configuration, for compiling 100,000 origins takes a while. */
export function policyOf(config) {
  if (!policies.has(config)) policies.clear()
  if (!policies.has(config)) policies.set(config, compiled(config))
  return policies.get(config)
}

function compiled({ origins, patterns, paths, allowHeaders }) {
  const grant = {
    origins: [...origins, ...patterns],
    methods,
    requestHeaders: allowHeaders ?? ['*'],
    credentials: true,
    accept: ['subdomain-wildcard-with-credentials', 'wildcard-with-credentials'].map((code) => ({
      code,
      because: 'measured',
    })),
  }
  return compilePolicy({
    version: 1,
    rules: paths.map((path, i) => ({ id: `rule-${i}`, paths: [path], allow: [grant] })),
  })
}

/** As an adapter applies it: `Vary` merged, first, since rivals do so too; and what core decided. */
function apply(response, decision) {
  const { headers, vary } = decision
  if (vary.length > 0) {
    const existing = response.getHeader('vary')
    const names = joined(vary)
    response.setHeader('vary', existing === undefined ? names : `${existing}, ${names}`)
  }
  for (const name in headers) response.setHeader(name, headers[name])
  if (decision.kind === 'preflight') {
    response.statusCode = decision.status
    response.end()
  }
  return decision
}

/** The lists are frozen, and core has two of them. */
let joinedLast = { names: [], text: '' }

function joined(names) {
  if (names.length === 1) return names[0]
  if (joinedLast.names !== names) joinedLast = { names, text: names.join(', ') }
  return joinedLast.text
}

/** On a route that was bound at start-up the rule is known. Written out at once: fields that come later are stored apart. */
function describe({ method, headers }, path, rule) {
  const { origin } = headers
  if (origin === undefined) return { method, path, rule }
  if (method !== 'OPTIONS') return { method, path, origin, rule }
  const requestMethod = headers['access-control-request-method']
  const requestHeaders = headers['access-control-request-headers']
  return { method, path, origin, rule, requestMethod, requestHeaders }
}

function ours(config) {
  const policy = policyOf(config)
  const prepare = (request, response) => ({ request, response })
  return {
    prepare,
    run: ({ request, response }) => {
      const path = canonicalPath(request.url)
      return apply(response, evaluate(policy, describe(request, path)))
    },
  }
}

/** The rule is known from the route, and so is the path. */
function oursBound(config) {
  const policy = policyOf(config)
  const prepare = (request, response) => ({ request, response })
  return {
    prepare,
    run: ({ request, response }) => apply(response, evaluate(policy, describe(request, '/api/orders', 'rule-0'))),
  }
}

/** Ours without the headers put anywhere: what the decision alone costs. */
function decisionAlone(config) {
  const policy = policyOf(config)
  const prepare = (request) => request
  return { prepare, run: (request) => evaluate(policy, describe(request, '/api/orders', 'rule-0')) }
}

function express(config) {
  const middleware = expressCors({
    origin: list(config),
    methods,
    credentials: true,
    maxAge: 600,
    ...(config.allowHeaders && { allowedHeaders: config.allowHeaders }),
  })
  const prepare = (request, response) => ({ request, response })
  return {
    prepare,
    run: ({ request, response }) => {
      middleware(request, response, nothing)
      return response
    },
  }
}

class Reply {
  constructor(response) {
    this.response = response
  }

  header(name, value) {
    this.response.setHeader(name, value)
    return this
  }

  getHeader(name) {
    return this.response.getHeader(name)
  }

  code(status) {
    this.response.statusCode = status
    return this
  }

  send() {
    this.response.end()
    return this
  }
}

function fastify(config) {
  let hook
  const app = { decorateRequest: nothing, options: nothing, addHook: (_, added) => (hook = added) }
  const options = { origin: list(config), methods, credentials: true, maxAge: 600 }
  if (config.allowHeaders) options.allowedHeaders = config.allowHeaders
  fastifyCors(app, options, nothing)
  const routeOptions = { config: {} }
  return {
    prepare: (request, response) => ({
      request: { raw: request, headers: request.headers, routeOptions, corsPreflightEnabled: false },
      reply: new Reply(response),
    }),
    run: ({ request, reply }) => {
      hook(request, reply, nothing)
      return reply
    },
  }
}

class HonoHeaders {
  #response
  constructor(response) {
    this.#response = response
  }

  set(name, value) {
    this.#response.setHeader(name, value)
  }

  append(name, value) {
    const existing = this.#response.getHeader(name)
    this.#response.setHeader(name, existing === undefined ? value : `${existing}, ${value}`)
  }

  delete(name) {
    this.#response.removeHeader(name)
  }
}

class HonoContext {
  constructor(request, response) {
    const { headers } = request
    this.req = { method: request.method, header: (name) => headers[name.toLowerCase()] }
    this.res = { headers: new HonoHeaders(response) }
  }

  header(name, value) {
    this.res.headers.append(name, value)
  }
}

function hono(config) {
  const origin = config.patterns.length > 0 ? chooser(config) : list(config)
  return awaited(HonoContext, honoCors(asynchronousOptions(config, origin)))
}

/** What hono and koa call their options. */
function asynchronousOptions({ allowHeaders }, origin) {
  return { origin, allowMethods: methods, credentials: true, maxAge: 600, ...(allowHeaders && { allowHeaders }) }
}

function awaited(Context, middleware) {
  return {
    awaits: true,
    prepare: (request, response) => new Context(request, response),
    run: (context) => middleware(context, resolved),
  }
}

class KoaContext {
  constructor(request, response) {
    this.request = request
    this.response = response
    this.method = request.method
  }

  get(name) {
    return this.request.headers[name.toLowerCase()] || ''
  }

  set(name, value) {
    this.response.setHeader(name, value)
  }

  vary(name) {
    const existing = this.response.getHeader('Vary')
    this.response.setHeader('Vary', existing === undefined ? name : `${existing}, ${name}`)
  }

  set status(status) {
    this.response.statusCode = status
  }
}

function koa(config) {
  const choose = chooser(config)
  return awaited(KoaContext, koaCors(asynchronousOptions(config, (context) => choose(context.get('Origin')))))
}

function nothing() {}

const done = Promise.resolve()

function resolved() {
  return done
}

export const rivals = { cors: express, '@fastify/cors': fastify, 'hono/cors': hono, '@koa/cors': koa }

export { decisionAlone, ours, oursBound }
