/** What a decision costs: one origin against many, hits and misses, hot and spread, and what it allocates. */
import { compilePolicy, evaluate } from '@safeconduct/core'
import { fresh, ns, race, ratio, table } from './measure.mjs'

const sizes = [1, 100, 1_000, 100_000]

function policyOf(origins) {
  const grant = {
    origins,
    methods: ['GET', 'POST', 'DELETE'],
    requestHeaders: ['content-type', 'x-a'],
    credentials: true,
  }
  return compilePolicy({ version: 1, rules: [{ id: 'api', paths: ['/api/**'], allow: [grant] }] })
}

function exactOrigins(count) {
  return Array.from({ length: count }, (_, i) => `https://tenant-${i}.example.com`)
}

function get(origin) {
  return { method: 'GET', path: '/api/orders/12', origin: fresh(origin) }
}

export function engine({ smoke = false } = {}) {
  const options = smoke ? { rounds: 1, calls: 200 } : {}
  const rows = [['exact origins', 'hot hit', 'of 1 origin', 'spread hit', 'miss', 'preflight']]
  const hot = {}
  const others = {}
  for (const size of sizes) {
    const origins = exactOrigins(size)
    const policy = policyOf(origins)
    const run = (request) => evaluate(policy, request)
    const hit = origins[size >> 1]
    const preflight = {
      method: 'OPTIONS',
      path: '/api/orders/12',
      requestMethod: 'DELETE',
      requestHeaders: 'content-type,x-a',
    }
    if (
      !run(get(hit)).allowed ||
      run(get('https://evil.example')).allowed ||
      !run({ ...preflight, origin: hit }).allowed
    ) {
      throw new Error(`a wrong decision at ${size} origins`)
    }
    hot[size] = { make: () => get(hit), run }
    others[`${size} spread`] = { make: (i) => get(origins[(i * 7919) % size]), run }
    others[`${size} miss`] = { make: (i) => get(`https://other-${i}.example.com`), run }
    others[`${size} preflight`] = {
      make: () => ({ ...preflight, origin: fresh(hit), requestHeaders: fresh('content-type,x-a') }),
      run,
    }
  }
  const timed = race(hot, options)
  const timedOthers = race(others, options)
  for (const size of sizes) {
    const of = (what) => ns(timedOthers.get(`${size} ${what}`).median)
    const one = ratio(timed.get(String(size)), timed.get('1')).toFixed(2)
    rows.push([size, ns(timed.get(String(size)).median), `${one} ×`, of('spread'), of('miss'), of('preflight')])
  }
  table('A decision (nanoseconds per evaluate, fresh strings)', rows)
  console.log(`  an exact hit allocates ${allocated().toFixed(1)} bytes`)
}

/** Bytes of heap that one decision on an exact origin leaves behind. */
function allocated() {
  const policy = policyOf(exactOrigins(1_000))
  const request = get('https://tenant-500.example.com')
  const calls = 20_000
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 20; round++) {
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < calls; i++) evaluate(policy, request)
    const grown = process.memoryUsage().heapUsed - before
    if (grown >= 0) least = Math.min(least, grown / calls)
  }
  return least
}
