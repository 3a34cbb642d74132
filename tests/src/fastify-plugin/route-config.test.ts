/** The short way to a route's config leads to what `request.routeOptions` says. */
import assert from 'node:assert/strict'
import Fastify, { type FastifyRequest } from 'fastify'
import { configReader } from '../../../packages/fastify-plugin/dist/route-config.js'
import { table } from '../support/table.js'

interface Seen {
  readonly short: unknown
  readonly long: unknown
}

/** What was read in the hooks of one server, request by request. */
async function seen(urls: readonly string[]): Promise<{ seen: Seen[]; ways: number }> {
  const app = Fastify()
  const configOf = configReader()
  const found: Seen[] = []
  let ways = 0
  const counted = (request: FastifyRequest): FastifyRequest =>
    new Proxy(request, {
      get: (target, key) => {
        if (key === 'routeOptions') ways++
        return Reflect.get(target, key, target)
      },
    })
  app.addHook('onRequest', async (request) => {
    found.push({ short: configOf(counted(request)), long: request.routeOptions.config })
  })
  app.addHook('onSend', async (request) => {
    found.push({ short: configOf(request), long: request.routeOptions.config })
  })
  app.get('/a', { config: { cors: 'a' } }, async () => 'a')
  app.get('/b/:id', async () => 'b')
  app.get('/gone', (_request, reply) => reply.callNotFound())
  app.register(async (child) => child.get('/c', { config: { cors: false } }, async () => 'c'), { prefix: '/child' })
  app.register(async (child) => child.setNotFoundHandler(async () => 'none'), { prefix: '/other' })
  for (const url of urls) await app.inject(url)
  await app.close()
  return { seen: found, ways }
}

const urls = ['/a', '/b/1', '/child/c', '/missing', '/other/missing', '/gone', '/a']

table("a route's config", [
  [
    'is the same on both ways, whichever request comes first',
    async () => {
      for (const first of urls) {
        const { seen: found } = await seen([first, ...urls])
        assert.equal(found.length, 2 * (urls.length + 1))
        for (const { short, long } of found) assert.equal(short, long)
      }
    },
  ],
  ['is found on the short way from the second request on', async () => assert.equal((await seen(urls)).ways, 1)],
  [
    'is asked for in public where there is no short way',
    () => {
      const configOf = configReader()
      const config = { url: '/x', method: 'GET' }
      const request = { routeOptions: { config } } as unknown as FastifyRequest
      assert.equal(configOf(request), config)
      assert.equal(configOf(request), config)
    },
  ],
])
