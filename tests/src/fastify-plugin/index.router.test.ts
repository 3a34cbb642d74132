/**
 * Random routes, router options and targets: the rule that decided is the one of the route that ran, for the request and
 * for the preflight that announces it. Over the server's own entry, with targets as a socket would bring them.
 */
import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { canonicalPath, compilePolicy, evaluate, foldPolicy, type PolicyDocument } from '@safeconduct/core'
import safeconduct from '@safeconduct/fastify'
import fc from 'fast-check'
import Fastify, { type FastifyInstance } from 'fastify'
import { table } from '../support/table.js'

/** Each rule allows an origin of its own, so an answer tells which rule decided. */
const ids = ['r1', 'r2', 'r3', 'n1', 'n2'] as const
const originOf = (id: string): string => `https://${id}.example`

interface RouteSpec {
  readonly method: 'GET' | 'PUT'
  readonly url: string
  readonly cors: 'n1' | 'n2' | false | undefined
  readonly host: string | undefined
  readonly version: string | undefined
}

interface Scene {
  readonly globs: readonly (readonly string[])[]
  readonly routes: readonly RouteSpec[]
  readonly options: {
    readonly caseSensitive: boolean
    readonly ignoreTrailingSlash: boolean
    readonly ignoreDuplicateSlashes: boolean
    readonly useSemicolonDelimiter: boolean
    readonly maxParamLength: number
  }
  /** Made of pieces at random. */
  readonly targets: readonly string[]
  /** Made of a route's pattern, with pieces for its parameters. */
  readonly fitting: readonly (readonly [route: number, start: string, pieces: readonly string[]])[]
}

const segment = fc.constantFrom('a', 'b', 'A', 'a.b', ':x', ':y', 'a-:x', ':x(^\\d+$)', ':x.:y', '')
const url = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '', '/', '/*', '/:z?'))
  .map(([parts, end]) => `/${parts.join('/')}${end}`)
const routeSpec: fc.Arbitrary<RouteSpec> = fc.record({
  method: fc.constantFrom('GET' as const, 'PUT' as const),
  url,
  cors: fc.constantFrom<RouteSpec['cors'][]>('n1', 'n2', false, undefined, undefined, undefined),
  host: fc.constantFrom<RouteSpec['host'][]>('one.example', undefined, undefined, undefined),
  version: fc.constantFrom<RouteSpec['version'][]>('1.0.0', undefined, undefined, undefined, undefined),
})
const glob = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', 'a*', 'a.b', '**', ''), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`)
const piece = fc.constantFrom(
  'a',
  'b',
  'A',
  '1',
  'a.b',
  'a-b',
  '',
  '%61',
  '%41',
  '%2F',
  '%2f',
  '..',
  '.',
  '%2e',
  '\\',
  '%zz',
  '%C3%A9',
  ';',
  'xxxxxxxxxxxx',
  '%25',
)
const target = fc
  .tuple(
    fc.constantFrom('/', '/', '/', '/', '//', 'http://h/', '*', ''),
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '/', '?q=/../', ';p', '#f'),
  )
  .map(([start, parts, end]) => start + parts.join('/') + end)
const scene: fc.Arbitrary<Scene> = fc.record({
  globs: fc.tuple(...['r1', 'r2', 'r3'].map(() => fc.array(glob, { maxLength: 2 }))),
  routes: fc.array(routeSpec, { minLength: 1, maxLength: 6 }),
  options: fc.record({
    caseSensitive: fc.boolean(),
    ignoreTrailingSlash: fc.boolean(),
    ignoreDuplicateSlashes: fc.boolean(),
    useSemicolonDelimiter: fc.boolean(),
    maxParamLength: fc.constantFrom(10, 100),
  }),
  targets: fc.array(target, { minLength: 6, maxLength: 6 }),
  fitting: fc.array(
    fc.tuple(fc.nat(5), fc.constantFrom('', '', '', '/', 'http://h'), fc.array(piece, { minLength: 3, maxLength: 3 })),
    { minLength: 10, maxLength: 10 },
  ),
})

function targetsOf({ targets, fitting, routes }: Scene): readonly string[] {
  const made = fitting.map(([index, start, pieces]) => {
    const rest = [...pieces]
    const pattern = routes[index % routes.length]?.url ?? '/'
    return start + pattern.replace(/:\w+(\([^)]*\))?\??|\*/g, () => rest.pop() ?? '1')
  })
  return [...targets, ...made]
}

function documentOf({ globs }: Scene): PolicyDocument {
  return {
    version: 1,
    rules: ids.map((id, i) => ({ id, paths: globs[i] ?? [], allow: [{ origins: [originOf(id)], methods: ['*'] }] })),
  }
}

interface Answer {
  readonly status: number
  /** The route that ran, by its number; `undefined`: none. */
  readonly ran: number | undefined
  /** The origins that are let through. */
  readonly allowed: readonly string[]
}

function ask(
  app: FastifyInstance,
  method: string,
  targetText: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: string; origin: string | undefined }> {
  return new Promise((resolve) => {
    const request = new IncomingMessage(new Socket())
    Object.assign(request, {
      method,
      url: targetText,
      headers,
      httpVersion: '1.1',
      httpVersionMajor: 1,
      httpVersionMinor: 1,
    })
    request.push(null)
    const response = new ServerResponse(request)
    let body = ''
    response.write = ((chunk: unknown) => {
      body += String(chunk)
      return true
    }) as typeof response.write
    response.end = ((chunk?: unknown) => {
      if (typeof chunk === 'string' || Buffer.isBuffer(chunk)) body += String(chunk)
      if (!response.headersSent) response.writeHead(response.statusCode)
      const head = (response as unknown as { _header: string })._header
      resolve({ status: response.statusCode, body, origin: /^access-control-allow-origin: (.*)\r$/m.exec(head)?.[1] })
      return response
    }) as typeof response.end
    app.routing(request, response)
  })
}

async function answer(
  app: FastifyInstance,
  method: string,
  targetText: string,
  headers: Record<string, string>,
): Promise<Answer> {
  const allowed: string[] = []
  let status = 0
  let ran: number | undefined
  for (const id of ids) {
    const got = await ask(app, method, targetText, { host: 'h', ...headers, origin: originOf(id) })
    status = got.status
    ran = /^ran (\d+)$/.exec(got.body) === null ? undefined : Number(got.body.slice(4))
    if (got.origin !== undefined && (method !== 'OPTIONS' || status < 300)) allowed.push(id)
  }
  return { status, ran, allowed }
}

async function serverOf(sample: Scene): Promise<FastifyInstance | undefined> {
  const app = Fastify({ routerOptions: sample.options })
  try {
    await app.register(safeconduct, { policy: documentOf(sample), logLevel: 'silent' })
    for (const [i, { method, url: path, cors, host, version }] of sample.routes.entries()) {
      const constraints = { ...(host === undefined ? {} : { host }), ...(version === undefined ? {} : { version }) }
      app.route({
        method,
        url: path,
        constraints,
        config: cors === undefined ? {} : { cors },
        handler: async () => `ran ${i}`,
      })
    }
    await app.ready()
    return app
  } catch {
    // No server: a policy that is ambiguous, routes that collide, rules that a preflight cannot tell apart.
    await app.close()
    return undefined
  }
}

const seen = { servers: 0, requests: 0, ran: 0, named: 0, refused: 0, hidden: 0 }

async function hold(app: FastifyInstance, sample: Scene): Promise<void> {
  const policy = foldPolicy(compilePolicy(documentOf(sample)), sample.options)
  seen.servers++
  for (const targetText of targetsOf(sample)) {
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      for (const extra of [
        {},
        { host: 'one.example' },
        { 'accept-version': '1.0.0' },
        { 'accept-version': '7.0.0' },
      ] as Record<string, string>[]) {
        seen.requests++
        const about = `${method} ${targetText} ${JSON.stringify(extra)} with ${JSON.stringify(sample)}`
        const actual = await answer(app, method, targetText, extra)
        const { host } = extra
        const announce = { 'access-control-request-method': method, ...(host === undefined ? {} : { host }) }
        const preflight = await answer(app, 'OPTIONS', targetText, announce)
        const path = canonicalPath(targetText, sample.options)
        const ofPath = path === undefined ? undefined : evaluate(policy, { method, path }).ruleId
        const route = actual.ran === undefined ? undefined : sample.routes[actual.ran]
        if (route !== undefined) {
          seen.ran++
          if (route.cors !== undefined) seen.named++
          if (path === undefined) seen.refused++
          const rule = path === undefined || route.cors === false ? undefined : (route.cors ?? ofPath)
          assert.deepEqual(actual.allowed, rule === undefined ? [] : [rule], `the rule of the route: ${about}`)
        } else if (actual.status === 404 && !sample.routes.some(({ version }) => version !== undefined)) {
          // Else the request may have missed a route, by a version that its preflight did not show: it is decided alike.
          assert.deepEqual(actual.allowed, ofPath === undefined ? [] : [ofPath], `not found: ${about}`)
        }
        // 400 and 414 come before any hook, and nothing of the policy is on them.
        if (actual.status === 400 || actual.status === 414) assert.deepEqual(actual.allowed, [], about)
        // Fastify's router for what is not found takes no ";" for a delimiter, and may find a bad escape behind it.
        if (![400, 414].includes(actual.status) && preflight.status !== 400) {
          assert.deepEqual(preflight.allowed, actual.allowed, `the preflight and its request: ${about}`)
        }
        if ('accept-version' in extra) seen.hidden++
      }
    }
  }
}

table('the plugin and the router', [
  [
    'the rule that decided is the rule of the route that ran, and of the preflight',
    async () => {
      await fc.assert(
        fc.asyncProperty(scene, async (sample) => {
          const app = await serverOf(sample)
          if (app === undefined) return
          try {
            await hold(app, sample)
          } finally {
            await app.close()
          }
        }),
        { numRuns: Number(process.env.ROUTER_RUNS ?? 80) },
      )
      assert.ok(seen.servers > 20 && seen.ran > 500 && seen.named > 100 && seen.refused > 10, JSON.stringify(seen))
      if (process.env.ROUTER_RUNS) console.log(JSON.stringify(seen))
    },
  ],
])
