/**
 * What a request feels while the policy is replaced: a server of 1,000 rules, a thousand routes and a new policy every 100 ms,
 * against the same server left alone. `node bench/replace.mjs` prints it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { compilePolicy } from '@safeconduct/core'
import safeconduct from '@safeconduct/fastify'
import autocannon from 'autocannon'
import Fastify from 'fastify'
import { spread } from './measure.mjs'
import { methods } from './plugins.mjs'

/** Milliseconds. */
const every = 100

const document = (version, rules) => ({
  version: 1,
  rules: Array.from({ length: rules }, (_, i) => ({
    id: `service-${i}`,
    paths: [`/api/service-${i}/**`],
    allow: [{ origins: ['https://app.example.com', `https://v${version}.example.com`], methods, credentials: true }],
  })),
})

/** How the server is told to go on: nothing is replaced, by a policy that is compiled already, or by a document. */
const modes = ['left alone', 'by a compiled policy', 'by a document']

/** In a process of its own. Told a mode, it follows it, and tells how long each replacement of the one before took. */
async function serve(rules) {
  const app = Fastify()
  const documents = [document(1, rules), document(2, rules)]
  const policies = documents.map((source) => compilePolicy(source))
  await app.register(safeconduct, { policy: policies[0], logLevel: 'silent' })
  for (let i = 0; i < rules; i++) app.get(`/api/service-${i}/items/:id`, (_request, reply) => reply.send('ok'))
  await app.listen({ host: '127.0.0.1', port: 0 })
  let timer
  let taken = []
  process.on('message', (mode) => {
    clearInterval(timer)
    const sources = mode === modes[1] ? policies : documents
    process.send(taken)
    taken = []
    if (mode === modes[0]) return
    timer = setInterval(() => {
      const start = process.hrtime.bigint()
      app.safeconduct.replace(sources[(taken.length + 1) % 2])
      taken.push(Number(process.hrtime.bigint() - start))
    }, every)
  })
  process.on('disconnect', () => process.exit())
  process.send(app.server.address().port)
}

/** A fixed number of requests a second, far below what the server can answer: how long each waits is what is asked. */
const pace = { connections: 4, overallRate: 500 }

export async function replacing({ smoke = false, rounds = 5, seconds = 2 } = {}) {
  const child = fork(fileURLToPath(import.meta.url), ['--serve', smoke ? 10 : 1_000])
  const [port] = await once(child, 'message')
  const tell = async (mode) => {
    const answer = once(child, 'message')
    child.send(mode)
    return (await answer)[0]
  }
  const rows = new Map(modes.map((mode) => [mode, { late: [], latest: [], replaced: [] }]))
  const url = `http://127.0.0.1:${port}/api/service-5/items/1`
  const headers = { origin: 'https://app.example.com' }
  try {
    for (let round = smoke ? 0 : -1; round < (smoke ? 1 : rounds); round++) {
      for (const mode of modes) {
        await tell(mode)
        const { latency, non2xx, errors } = await autocannon({
          url,
          headers,
          ...pace,
          ...(smoke ? { amount: 60 } : { duration: seconds }),
        })
        const replaced = await tell(modes[0])
        if (non2xx + errors > 0) throw new Error(`${mode}: not every request was answered`)
        if (round < 0) continue
        const row = rows.get(mode)
        row.late.push(latency.p99)
        row.latest.push(latency.max)
        row.replaced.push(...replaced)
      }
    }
  } finally {
    child.disconnect()
  }
  return [...rows].map(([mode, row]) => ({
    mode,
    ...Object.fromEntries(Object.entries(row).map(([name, values]) => [name, spread(values)])),
  }))
}

const [, program, mode, count] = process.argv
if (program === fileURLToPath(import.meta.url)) {
  if (mode === '--serve') await serve(Number(count))
  else console.log(await replacing({ smoke: mode === '--smoke' }))
}
