/**
 * Every kind of hook, before the plugin's and after it, of the whole server, of a scope and of a route, and everything
 * that a hook can do to an answer: the decision is on it all the same.
 */
import assert from 'node:assert/strict'
import type { FastifyInstance, FastifyReply, FastifyRequest, InjectOptions } from 'fastify'
import { evil, oneRule, shared, shop, varyOptions } from '../support/one-rule.js'
import { corsHeaders, type Headers, makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const policy = oneRule()
const preflightLists: Headers = { 'access-control-allow-methods': 'GET,HEAD,PUT', 'access-control-max-age': '600' }

const places = ['before', 'after', 'in a scope', 'of a route'] as const
/** In their order. */
const kinds = ['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend'] as const

type Place = (typeof places)[number]
type Kind = (typeof kinds)[number]

interface Deed {
  readonly does: (reply: FastifyReply) => unknown
  /** Of the answer; 200 where the handler still gives it. */
  readonly status: number
  readonly varies?: string
  /** Kinds of hooks in which Fastify lets it be done. */
  readonly until?: Kind
}

const deeds = {
  answers: { does: (reply) => reply.code(418).send('mine'), status: 418, until: 'preHandler' },
  throws: {
    does: () => {
      throw Object.assign(new Error('no'), { statusCode: 503, headers: { 'access-control-allow-origin': evil } })
    },
    status: 503,
  },
  'sets headers of its own': {
    does: (reply) => {
      reply.headers({ 'Access-Control-Allow-Origin': evil, 'access-control-max-age': 1, vary: 'Accept' })
    },
    status: 200,
    varies: 'Accept',
  },
  'sets them on the raw response': {
    does: (reply) => {
      reply.raw.setHeader('Access-Control-Allow-Origin', evil)
      reply.raw.setHeader('Access-Control-Allow-Credentials', 'true')
      reply.raw.setHeader('Vary', ['Accept', 'Cookie'])
    },
    status: 200,
    varies: 'Accept, Cookie',
  },
  'takes them away': {
    does: (reply) => {
      for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'vary']) {
        reply.removeHeader(name)
        reply.raw.removeHeader(name)
      }
    },
    status: 200,
  },
  'takes the response over': {
    does: (reply) => {
      reply.hijack()
      reply.raw.writeHead(299, { 'access-control-allow-origin': evil, vary: 'Accept' }).end('raw')
    },
    status: 299,
    varies: 'Accept',
    until: 'preHandler',
  },
} as const satisfies Record<string, Deed>

type DeedName = keyof typeof deeds

function canBeDone(name: DeedName, kind: Kind): boolean {
  const { until }: Deed = deeds[name]
  return until === undefined || kinds.indexOf(kind) <= kinds.indexOf(until)
}

/** What a request asks of one hook, in a header. */
const order = 'x-order'

async function obey(place: Place, kind: Kind, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const [wherever, whichever, name] = String(request.headers[order]).split(':')
  if (wherever !== place || whichever !== kind) return undefined
  await (deeds[name as DeedName] as Deed).does(reply)
  return reply.sent ? reply : undefined
}

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/** A hook that comes to nothing leaves the payload, where there is one, as it is. */
function hooksOf(place: Place): Record<Kind, Hook> {
  return Object.fromEntries(
    kinds.map((kind) => [kind, async (request, reply) => obey(place, kind, request, reply)] as [Kind, Hook]),
  ) as Record<Kind, Hook>
}

function addHooks(app: FastifyInstance, place: Place): void {
  for (const [kind, hook] of Object.entries(hooksOf(place))) app.addHook(kind as 'onSend', hook as () => Promise<void>)
}

let app: FastifyInstance

const around = {
  before: async () => {
    const server = await makeServer({
      policy,
      before: (a) => addHooks(a, 'before'),
      routes: (a) => {
        addHooks(a, 'after')
        a.register(
          async (scope) => {
            addHooks(scope, 'in a scope')
            scope.route({
              method: ['GET', 'PUT'],
              url: '/x',
              ...(hooksOf('of a route') as object),
              handler: async () => ({ x: 1 }),
            })
          },
          { prefix: '/api' },
        )
      },
    })
    app = server.app
  },
  after: () => app.close(),
}

const ordered = (place: Place, kind: Kind, deed: DeedName, origin: string): InjectOptions => ({
  url: '/api/x',
  headers: { origin, [order]: `${place}:${kind}:${deed}` },
})

const isOver = (place: Place, kind: Kind, deed: DeedName): boolean =>
  place === 'before' && kind === 'onRequest' && deed === 'takes the response over'

const isTrue = <T>(value: T | undefined | false): value is T => Boolean(value)

const combinations = places.flatMap((place) =>
  kinds.flatMap((kind) =>
    (Object.keys(deeds) as DeedName[])
      .filter((deed) => canBeDone(deed, kind) && !isOver(place, kind, deed))
      .map((deed) => ({ place, kind, deed })),
  ),
)

table(
  'what another hook does',
  [
    ...combinations.map(({ place, kind, deed }): Row => {
      const { status, varies }: Deed = deeds[deed]
      const vary = [varies, 'Origin'].filter(isTrue).join(', ')
      return [
        `${kind} ${place}: it ${deed}`,
        async () => {
          for (const origin of [shop, evil]) {
            const response = await app.inject(ordered(place, kind, deed, origin))
            assert.equal(response.statusCode, status, response.body)
            assert.deepEqual(corsHeaders(response), { ...(origin === shop ? shared : {}), vary }, origin)
          }
        },
      ]
    }),
    [
      'a hook before ours that takes the response over has it for itself: no hook of ours comes by',
      async () => {
        const response = await app.inject(ordered('before', 'onRequest', 'takes the response over', evil))
        assert.deepEqual(corsHeaders(response), { 'access-control-allow-origin': evil, vary: 'Accept' })
      },
    ],
    [
      'unless it calls attach first',
      async () => {
        const server = await makeServer({
          policy,
          before: (a) =>
            a.addHook('onRequest', (request, reply) => {
              a.safeconduct.attach(request, reply)
              deeds['takes the response over'].does(reply)
            }),
          routes: (a) => a.get('/api/x', async () => 'x'),
        })
        for (const origin of [shop, evil]) {
          const response = await server.app.inject({ url: '/api/x', headers: { origin } })
          assert.deepEqual(corsHeaders(response), { ...(origin === shop ? shared : {}), vary: 'Accept, Origin' })
        }
      },
    ],
  ],
  around,
)

/** A preflight has no route, and ends in our hook: only hooks of the whole server see it. */
const ofPreflights = combinations.filter(
  ({ place, kind }) =>
    (place === 'before' && (kind === 'onRequest' || kind === 'onSend')) || (place === 'after' && kind === 'onSend'),
)

table(
  'what another hook does to a preflight',
  ofPreflights.map(({ place, kind, deed }): Row => {
    const { status, varies }: Deed = deeds[deed]
    const vary = [varies, varyOptions].filter(isTrue).join(', ')
    return [
      `${kind} ${place}: it ${deed}`,
      async () => {
        for (const origin of [shop, evil]) {
          const request = ordered(place, kind, deed, origin)
          const headers = { ...request.headers, 'access-control-request-method': 'PUT' }
          const response = await app.inject({ ...request, method: 'OPTIONS', headers })
          const own = origin === shop ? 204 : 403
          assert.equal(response.statusCode, status === 200 ? own : status)
          assert.deepEqual(corsHeaders(response), {
            ...(origin === shop ? { ...shared, ...preflightLists } : {}),
            vary,
          })
        }
      },
    ]
  }),
  around,
)
