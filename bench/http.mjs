/**
 * The race over HTTP, on loopback: what a request costs the server, in processor time, and how many it answers in a second.
 * Each server is a process of its own; they take turns in short rounds. `node bench/http.mjs` prints it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { request as send } from 'node:http'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import Fastify from 'fastify'
import { addRoutes } from './exchange.mjs'
import { interval, median, random, shuffled } from './intervals.mjs'
import { nothing, origins, ours, rival } from './plugins.mjs'

const bare = 'no plugin'
const plugins = { [bare]: nothing, '@fastify/cors': rival, safeconduct: ours }
const path = '/api/orders'

const kinds = {
  'no Origin': () => ({ method: 'GET', headers: {} }),
  'GET, allowed': (origin) => ({ method: 'GET', headers: { origin } }),
  preflight: (origin) => ({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'DELETE',
      'access-control-request-headers': 'content-type,x-csrf-token',
    },
  }),
}

/** In a process of its own: tells its port, and what it has used whenever it is asked. */
async function serve(name, size) {
  const app = Fastify()
  await plugins[name](origins(size))(app)
  addRoutes(app)
  await app.listen({ host: '127.0.0.1', port: 0 })
  process.on('message', () => process.send(process.cpuUsage()))
  process.on('disconnect', () => process.exit())
  process.send(app.server.address().port)
}

async function start(name, size) {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', name, String(size)])
  const [port] = await once(child, 'message')
  return { name, child, port }
}

/** Microseconds of processor time since the process began. */
async function used(child) {
  const answer = once(child, 'message')
  child.send('used')
  const [{ user, system }] = await answer
  return user + system
}

async function ask(port, { method, headers }) {
  const request = send({ port, path, method, headers, agent: false })
  request.end()
  const [response] = await once(request, 'response')
  response.resume()
  return { status: response.statusCode, allowed: response.headers['access-control-allow-origin'] }
}

async function check({ name, port }, kind, origin) {
  const { status, allowed } = await ask(port, kinds[kind](origin))
  const expected = kind === 'no Origin' || name === bare ? undefined : origin
  if (status !== (kind === 'preflight' ? 204 : 200) || allowed !== expected)
    throw new Error(`${name}, ${kind}: ${status}, allow-origin ${allowed}`)
}

const connections = 8

/** Processor time a request in microseconds, and requests a second. */
async function slice({ child, port }, { method, headers }, amount) {
  const before = await used(child)
  const begin = process.hrtime.bigint()
  const url = `http://127.0.0.1:${port}${path}`
  const result = await autocannon({ url, method, headers, connections, amount, sampleInt: 5 })
  const seconds = Number(process.hrtime.bigint() - begin) / 1e9
  if (result.non2xx + result.errors + result.timeouts > 0) throw new Error(`${port}: not every request was answered`)
  return { cpu: (await used(child)) - before, rate: amount / seconds, amount }
}

function summary(kind, size, rounds) {
  const cpu = (name) => (list) => median(list.map((round) => round[name].cpu / round[name].amount))
  const added = (name) => (list) => median(list.map((round) => round[name].cpu / round[bare].cpu - 1))
  const share = (list) => added('safeconduct')(list) / added('@fastify/cors')(list)
  const names = Object.keys(plugins)
  return {
    kind,
    size,
    bare: cpu(bare)(rounds),
    added: new Map(names.filter((name) => name !== bare).map((name) => [name, interval([rounds], added(name))])),
    share: interval([rounds], share),
    rates: new Map(names.map((name) => [name, median(rounds.map((round) => round[name].rate))])),
  }
}

export async function http({ smoke = false, rounds = 24, amount = 3_000, sizes = [1, 100] } = {}) {
  const results = []
  const next = random(1)
  for (const size of smoke ? [1] : sizes) {
    const allowed = origins(size)
    const origin = allowed[size >> 1]
    const servers = await Promise.all(Object.keys(plugins).map((name) => start(name, size)))
    try {
      for (const kind of Object.keys(kinds)) {
        for (const server of servers) await check(server, kind, origin)
        const taken = []
        for (let round = smoke ? 0 : -2; round < (smoke ? 1 : rounds); round++) {
          const record = {}
          for (const server of shuffled(servers, next))
            record[server.name] = await slice(server, kinds[kind](origin), smoke ? 20 : amount)
          if (round >= 0) taken.push(record)
        }
        if (!smoke) results.push(summary(kind, size, taken))
      }
    } finally {
      for (const { child } of servers) child.disconnect()
    }
  }
  return results
}

const [, program, mode, name, size] = process.argv
if (program === fileURLToPath(import.meta.url)) {
  if (mode === '--serve') await serve(name, Number(size))
  else console.log(await http({ smoke: mode === '--smoke' }))
}
