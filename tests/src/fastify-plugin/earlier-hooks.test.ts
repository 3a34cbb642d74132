/** Whether something may answer before the plugin; if nothing may, no response pays for a second look. */
import assert from 'node:assert/strict'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { mayAnswerEarlier } from '../../../packages/fastify-plugin/dist/earlier-hooks.js'
import { corsHeaders, declareServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const origin = 'https://a.example'
const policy = { version: 1 as const, rules: [{ id: 'all', paths: ['/**'], allow: [{ origins: [origin] }] }] }

const slow = async (_request: FastifyRequest, reply: FastifyReply): Promise<unknown> => reply.code(429).send('slow')

const prepared: readonly (readonly [sentence: string, before: (app: FastifyInstance) => unknown, may: boolean])[] = [
  ['nothing', () => undefined, false],
  ['a route', (app) => app.get('/x', async () => 'x'), false],
  ['a hook of another kind', (app) => app.addHook('preHandler', async () => undefined), false],
  ['an onRequest hook', (app) => app.addHook('onRequest', async () => undefined), true],
  ['an onRequest hook of a plugin', (app) => app.register(fp(async (a) => void a.addHook('onRequest', slow))), true],
  ['a scope', (app) => app.register(async () => undefined), true],
]

table('what may answer before the plugin', [
  ...prepared.map(
    ([sentence, before, may]): Row => [
      `${sentence}: ${may ? 'it may' : 'nothing may'}`,
      async () => {
        const app = Fastify()
        await before(app)
        let found: boolean | undefined
        const ask = fp(async (a) => {
          found = mayAnswerEarlier(a)
        })
        app.register(ask)
        await app.ready()
        assert.equal(found, may)
      },
    ],
  ),
  [
    'where the hooks are not found, something may',
    () => assert.equal(mayAnswerEarlier({} as unknown as FastifyInstance), true),
  ],
  [
    'the answer of a scope that was there before carries the headers',
    async () => {
      const before = (app: FastifyInstance): unknown =>
        app.register(
          async (child) => {
            child.addHook('onRequest', slow)
            child.setNotFoundHandler(async () => 'none')
          },
          { prefix: '/early' },
        )
      const { app } = await declareServer({ policy, before })
      const response = await app.inject({ url: '/early/x', headers: { origin } })
      assert.equal(response.statusCode, 429)
      assert.deepEqual(corsHeaders(response), { 'access-control-allow-origin': origin, vary: 'Origin' })
    },
  ],
  [
    'registered first, the plugin has no hook on what is sent',
    async () => {
      const hooksOf = async (before?: (app: FastifyInstance) => unknown): Promise<string> => {
        const { app } = await declareServer({
          policy,
          ...(before ? { before } : {}),
          routes: (a) => a.post('/x', slow),
        })
        await app.ready()
        return app.printRoutes({ includeHooks: true })
      }
      assert.ok(!(await hooksOf()).includes('onSend'))
      assert.ok((await hooksOf((app) => app.addHook('onRequest', async () => undefined))).includes('onSend'))
    },
  ],
])
