/**
 * What a plugin adds to a request of Fastify. Requests go straight into the request listener, without a socket. Subjects take
 * turns of a few hundred requests in random order, in several processes; what counts is the difference to no plugin within
 * a round. Nothing is collected while the clock runs: what a request allocates is told apart.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { getHeapStatistics } from 'node:v8'
import { exchange, kinds, listenerOf } from './exchange.mjs'
import { interval, median, random, shuffled } from './intervals.mjs'
import { emptyHook, headersAlone, nothing, origins, ours, rival } from './plugins.mjs'

const bare = 'no plugin'

function subjectsFor(kind, allowed) {
  return {
    [bare]: nothing(),
    'no plugin again': nothing(),
    'an empty hook': emptyHook(),
    'the headers alone': headersAlone(allowed, kind === 'GET, refused'),
    '@fastify/cors': rival(allowed),
    safeconduct: ours(allowed),
  }
}

const decides = ['@fastify/cors', 'safeconduct', 'the headers alone']

/** Name → listener, each of which has given the right answer. */
async function listeners(kind, size) {
  const allowed = origins(size)
  const origin = allowed[size >> 1]
  const made = {}
  const answers = {}
  for (const [name, plugin] of Object.entries(subjectsFor(kind, allowed))) {
    made[name] = await listenerOf(plugin)
    const { message, response } = exchange(kinds[kind](origin)(0))
    made[name](message, response)
    answers[name] = corsLines(response)
    const got = /^access-control-allow-origin: (.*)$/m.exec(answers[name])?.[1]
    const expected = kind === 'no Origin' || kind === 'GET, refused' ? undefined : origin
    const isRight = response.writableEnded && response.statusCode === (kind === 'preflight' ? 204 : 200)
    if (!isRight || (decides.includes(name) && got !== expected))
      throw new Error(`${name}, ${kind}: ${response.statusCode}, allow-origin ${got}`)
  }
  if (answers.safeconduct !== answers['the headers alone'])
    throw new Error(`${kind}: the floor sets other headers\n${answers['the headers alone']}\n\n${answers.safeconduct}`)
  return { made, make: kinds[kind](origin) }
}

/** In the order of their names. */
function corsLines({ _header }) {
  const lines = _header.split('\r\n').filter((line) => /^(access-control-|vary:)/i.test(line))
  return lines.sort().join('\n')
}

const turn = 200
const warmUps = 50

/** Nanoseconds a request, or bytes: of each round a record by subject. */
async function measure({ kind, size, seed, rounds }) {
  const { made, make } = await listeners(kind, size)
  const next = random(seed)
  const taken = []
  for (let round = -warmUps; round < rounds; round++) {
    const record = {}
    for (const name of shuffled(Object.keys(made), next)) record[name] = takeTurn(made[name], make, round + warmUps)
    if (round >= 0) taken.push(record)
  }
  return taken
}

function takeTurn(listener, make, from) {
  const exchanges = Array.from({ length: turn }, (_, i) => exchange(make(from + i)))
  globalThis.gc({ type: 'minor' })
  const before = getHeapStatistics().used_heap_size
  const start = process.hrtime.bigint()
  for (let i = 0; i < turn; i++) {
    const { message, response } = exchanges[i]
    listener(message, response)
  }
  const time = Number(process.hrtime.bigint() - start) / turn
  const bytes = (getHeapStatistics().used_heap_size - before) / turn
  if (!exchanges.every(({ response }) => response.writableEnded)) throw new Error('a request without an answer')
  return { time, bytes }
}

const flags = ['--expose-gc', '--max-semi-space-size=128']

function inProcess(work) {
  const args = [...flags, fileURLToPath(import.meta.url), '--measure', JSON.stringify(work)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 }))
}

/** What each subject adds, by the rounds of several processes. */
function summary(kind, size, processes) {
  const added = (what, name) => (rounds) => median(rounds.map((round) => round[name][what] - round[bare][what]))
  const over = (name) => (rounds) => added('time', 'safeconduct')(rounds) / added('time', name)(rounds)
  const names = Object.keys(processes[0][0]).filter((name) => name !== bare)
  return {
    kind,
    size,
    bare: median(processes.flat().map((round) => round[bare].time)),
    added: new Map(names.map((name) => [name, interval(processes, added('time', name))])),
    bytes: new Map(names.map((name) => [name, added('bytes', name)(processes.flat())])),
    ofRival: interval(processes, over('@fastify/cors')),
    ofHeaders: interval(processes, over('the headers alone')),
  }
}

export async function pipeline({ smoke = false, sizes = [1, 100], processes = 5, rounds = 60 } = {}) {
  if (smoke) {
    for (const kind of Object.keys(kinds)) await listeners(kind, 1)
    return []
  }
  return sizes.flatMap((size) =>
    Object.keys(kinds).map((kind) => {
      const seeds = Array.from({ length: processes }, (_, i) => i + 1)
      return summary(
        kind,
        size,
        seeds.map((seed) => inProcess({ kind, size, seed, rounds })),
      )
    }),
  )
}

const [, program, mode, work] = process.argv
if (program === fileURLToPath(import.meta.url) && mode === '--measure')
  console.log(JSON.stringify(await measure(JSON.parse(work))))
