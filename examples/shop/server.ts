/** A small shop: a catalogue that anybody may read, orders, a back office, fonts, a stream of events. */

import safeconduct from '@safeconduct/fastify'
import Fastify, { type FastifyInstance } from 'fastify'

interface Order {
  readonly id: string
  readonly item: string
}

/** The server with its policy, not listening yet. */
export async function shop(policy: URL | string): Promise<FastifyInstance> {
  const app = Fastify({ logger: false })
  await app.register(safeconduct, { policy })
  await app.register(catalogue, { prefix: '/api/catalogue' })
  await app.register(orders, { prefix: '/api/orders' })
  await app.register(backOffice, { prefix: '/api/admin' })
  app.get('/assets/fonts/:file', (_, reply) => reply.type('font/woff2').send(Buffer.from('wOF2')))
  return app
}

async function catalogue(app: FastifyInstance): Promise<void> {
  app.get('/', async (_, reply) => reply.header('etag', '"catalogue-1"').send([{ item: 'lamp', price: 40 }]))
}

async function orders(app: FastifyInstance): Promise<void> {
  const placed = new Map<string, Order>([['1', { id: '1', item: 'lamp' }]])
  app.get('/', async () => [...placed.values()])
  app.get<{ Params: { id: string } }>('/:id', async ({ params }, reply) => {
    const order = placed.get(params.id)
    return order ?? reply.code(404).send({ error: 'no such order' })
  })
  app.post<{ Body: { item: string } }>('/', async ({ body }, reply) => {
    const order = { id: String(placed.size + 1), item: body.item }
    placed.set(order.id, order)
    return reply.code(201).header('location', `/api/orders/${order.id}`).send(order)
  })
  app.delete<{ Params: { id: string } }>('/:id', async ({ params }, reply) => {
    placed.delete(params.id)
    return reply.code(204).send()
  })
  // Server-sent events write to the socket themselves; the CORS headers stay on.
  app.get('/events', (_, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    reply.raw.end('event: order\ndata: {"id":"1"}\n\n')
  })
}

/** Authentication stands before the routes, as it should; preflights, which carry no credentials, are answered before it. */
async function backOffice(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.cookie !== 'session=admin') return reply.code(401).send({ error: 'log in first' })
  })
  app.get('/stock', async () => ({ lamp: 12 }))
  app.put('/stock/:item', async () => ({ ok: true }))
}
