/** What is kept of a route holds nothing of a request. */
import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import { settledHeap } from '../support/heap.js'
import { makeServer } from '../support/server.js'
import { type Row, table } from '../support/table.js'

const shop = 'https://shop.example'
const policy = {
  version: 1,
  rules: [{ id: 'api', paths: ['/api/**'], allow: [{ origins: [shop] }] }],
} as const

/** A hook whose `writeHead` holds the reply, and all that belongs to it. */
function holding(replies: WeakRef<object>[]): (app: FastifyInstance) => unknown {
  return (app) =>
    app.addHook('onRequest', (_request, reply, done) => {
      const { raw } = reply
      const { writeHead } = raw
      raw.writeHead = ((...args: Parameters<typeof writeHead>) => {
        reply.header('x-late', '1')
        return writeHead.apply(raw, args)
      }) as typeof writeHead
      replies.push(new WeakRef(reply))
      done()
    })
}

const harmless = (app: FastifyInstance): unknown => app.addHook('onRequest', (_request, _reply, done) => done())

function freed(
  sentence: string,
  hooks: (hold: (app: FastifyInstance) => unknown) => Parameters<typeof makeServer>[0],
): Row {
  return [
    sentence,
    async () => {
      const replies: WeakRef<object>[] = []
      const setup = hooks(holding(replies))
      const { app } = await makeServer({
        ...setup,
        routes: (own) => {
          setup.routes?.(own)
          for (let i = 0; i < 20; i++) own.get(`/api/${i}`, async () => 'x')
        },
      })
      for (let i = 0; i < 20; i++) {
        for (const headers of [{}, { origin: shop }, { origin: 'https://evil.example' }])
          await app.inject({ url: `/api/${i}`, headers })
      }
      assert.equal(replies.length, 60)
      const alive = (): number => replies.filter((reply) => reply.deref() !== undefined).length
      // What runs after an answer is done in its own time; and the last reply may still be somewhere in the engine.
      for (let tries = 0; tries < 50 && alive() > 2; tries++) {
        await new Promise((done) => setTimeout(done, 20))
        settledHeap()
      }
      assert.ok(alive() <= 2, `${alive()} of ${replies.length} replies are alive`)
    },
  ]
}

table('a reply is freed whose writeHead was wrapped', [
  freed('before ours', (hold) => ({ policy, before: hold })),
  freed('behind ours', (hold) => ({ policy, routes: hold })),
  freed('behind ours, another hook being before', (hold) => ({ policy, before: harmless, routes: hold })),
])
