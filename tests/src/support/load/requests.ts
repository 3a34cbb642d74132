/** What is asked under load, and what each policy gives to it, by the plain twin of the engine. */

import { Readable } from 'node:stream'
import type { CorsRequest } from '@safeconduct/core'
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { plainDecision } from '../plain.js'
import type { WireAnswer, WireRequest } from '../wire.js'
import { admin, shop, tenants, worldOf } from './worlds.js'

/** A request target, and what the routes below make of it. */
interface Place {
  readonly target: string
  readonly path: string | undefined
  readonly served: readonly string[]
  /** Where a route names a rule. */
  readonly named?: Readonly<Record<string, string | false>>
}

const places: readonly Place[] = [
  { target: '/api/orders', path: '/api/orders', served: ['GET', 'POST', 'HEAD'] },
  { target: '/api/orders/7', path: '/api/orders/7', served: ['GET', 'PUT', 'HEAD'] },
  { target: '/api/%6frders/8?x', path: '/api/orders/8', served: ['GET', 'PUT', 'HEAD'] },
  {
    target: '/api/orders/7/items',
    path: '/api/orders/7/items',
    served: ['GET', 'DELETE', 'HEAD'],
    named: { DELETE: 'named' },
  },
  { target: '/api/orders/..', path: undefined, served: ['GET', 'PUT', 'HEAD'] },
  { target: '/assets/a/b.js', path: '/assets/a/b.js', served: ['GET', 'HEAD'] },
  { target: '/internal/x', path: '/internal/x', served: ['GET', 'HEAD'] },
  {
    target: '/api/orders/off/x',
    path: '/api/orders/off/x',
    served: ['GET', 'HEAD'],
    named: { GET: false, HEAD: false },
  },
  { target: '/nowhere', path: '/nowhere', served: [] },
]

export function declareRoutes(app: FastifyInstance): void {
  const route = (methods: string, url: string, cors?: string | false): void => {
    app.route({
      method: methods.split(',') as HTTPMethods[],
      url,
      config: cors === undefined ? {} : { cors },
      handler: async (_request, reply) => reply.header('vary', 'Accept').send(url),
    })
  }
  route('GET,POST', '/api/orders')
  route('GET,PUT', '/api/orders/:id')
  route('GET', '/api/orders/:id/items')
  route('DELETE', '/api/orders/:id/items', 'named')
  route('GET', '/api/orders/off/x', false)
  route('GET', '/internal/x')
  app.get('/assets/*', (_request, reply) => reply.header('vary', 'Accept').send(Readable.from(['as', 'set'])))
}

export interface Asked {
  readonly wire: WireRequest
  readonly request: CorsRequest
  /** Of the answer of the application. */
  readonly status: number
}

const origins = [
  undefined,
  shop,
  shop,
  admin,
  'https://pr-1.preview.example',
  ...tenants,
  'https://evil.example',
  'https://shop.example.evil.example',
  'null',
  `${shop}, ${shop}`,
]

/** Every place, method and origin, and preflights for them. */
export const asked: readonly Asked[] = places.flatMap((place) =>
  [...place.served, 'PATCH'].flatMap((method) =>
    origins.flatMap((origin) => [
      actual(place, method, origin),
      ...(origin === undefined
        ? []
        : [undefined, 'x-of-0', 'content-type'].map((names) => preflight(place, method, origin, names))),
    ]),
  ),
)

function rule({ named, path, served }: Place, method: string): Partial<CorsRequest> {
  const chosen = named?.[method]
  return {
    path,
    servedMethods: served,
    ...(chosen === undefined ? {} : { rule: chosen }),
    // Some of its methods meet another rule than the others do.
    splitByMethod: named !== undefined,
  }
}

function actual(place: Place, method: string, origin: string | undefined): Asked {
  return {
    wire: { method, target: place.target, headers: origin === undefined ? [] : [`Origin: ${origin}`] },
    request: { ...rule(place, method), method, path: place.path, ...(origin === undefined ? {} : { origin }) },
    status: place.served.includes(method) ? 200 : 404,
  }
}

function preflight(place: Place, method: string, origin: string, names: string | undefined): Asked {
  const more = names === undefined ? {} : { requestHeaders: names }
  const lines = names === undefined ? [] : [`Access-Control-Request-Headers: ${names}`]
  return {
    wire: {
      method: 'OPTIONS',
      target: place.target,
      headers: [`Origin: ${origin}`, `Access-Control-Request-Method: ${method}`, ...lines],
    },
    request: { ...rule(place, method), method: 'OPTIONS', path: place.path, origin, requestMethod: method, ...more },
    status: 0,
  }
}

const known = new Map<Asked, Map<object, string>>()

/** What the policy of a generation makes of it, in one text. */
export function expected(one: Asked, generation: number): string {
  const world = worldOf(generation)
  const ofOne = known.get(one) ?? new Map<object, string>()
  known.set(one, ofOne)
  const text = ofOne.get(world) ?? expectedIn(one, world)
  ofOne.set(world, text)
  return text
}

function expectedIn({ request, status }: Asked, world: ReturnType<typeof worldOf>): string {
  const decision = plainDecision(world, request)
  const isPreflight = decision.kind === 'preflight'
  const vary = [...(status === 200 ? ['Accept'] : []), ...decision.vary]
  return text(isPreflight ? decision.status : status, {
    ...decision.headers,
    ...(vary.length === 0 ? {} : { vary: vary.join(', ') }),
  })
}

export function seen({ status, cors }: WireAnswer): string {
  return text(status, cors)
}

function text(status: number, headers: Readonly<Record<string, string>>): string {
  // The order of methods that are served is the router's.
  const lines = Object.entries(headers).map(([name, value]) =>
    name === 'access-control-allow-methods' ? `${name}: ${value.split(',').sort().join(',')}` : `${name}: ${value}`,
  )
  return [status, ...lines.sort()].join('\n')
}
