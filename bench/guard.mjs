/**
 * The regression guard: what core's decisions take, in yardsticks, and how that grows with the policy. A yardstick is one
 * look-up of the same origin in a Map: work of the same kind on the same strings, in the same turn, so that a slow or busy
 * machine stretches both. What counts is the best of many turns, for noise only ever adds; and what is beyond its bound is
 * measured anew, twice, before it is called a step back.
 *
 *     node bench/guard.mjs
 */
import { compilePolicy, evaluate, withOrigins } from '@safeconduct/core'
import { fresh, median, race } from './measure.mjs'

const count = 100_000
const one = 'https://tenant-50000.example.com'
const exact = Array.from({ length: count }, (_, i) => `https://tenant-${i}.example.com`)
const globs = Array.from({ length: count }, (_, i) => `https://*.tenant-${i}.example`)
const names = Array.from({ length: 10 }, (_, i) => `x-header-${i}`)
const accept = [{ code: 'subdomain-wildcard-with-credentials', because: 'measured' }]
const external = { tenants: { external: true } }

function policyOf(origins, paths = ['/api/**']) {
  const grant = { origins, methods: ['GET', 'PUT'], requestHeaders: names, credentials: true, accept }
  const rules = paths.map((path, i) => ({ id: `r${i}`, paths: [path], allow: [grant] }))
  return compilePolicy({ version: 1, origins: external, rules })
}

const policies = {
  'one origin': policyOf([one]),
  '100 origins': policyOf(exact.slice(49_950, 50_050)),
  '100,000 origins': policyOf(exact),
  'one glob': policyOf(globs.slice(0, 1)),
  '100,000 globs': policyOf(globs),
}
const services = (length) => Array.from({ length }, (_, i) => `/v1/service-${i}/**`)
const byPath = { '10 paths': policyOf([one], services(10)), '10,000 paths': policyOf([one], services(10_000)) }

const get = (origin) => ({ method: 'GET', path: '/api/orders', origin: fresh(origin), rule: 'r0' })
const hot = () => get(one)
const among100 = (i) => get(exact[49_950 + ((i * 37) % 100)])
const unknown = (i) => get(`https://other-${i}.example.com`)
const newSubdomain = (i) => get(`https://pr-${i}.tenant-0.example`)
/** Written out: an object that is spread from another costs whoever reads it ten times as much. */
const preflightOf = (names) => () => ({
  method: 'OPTIONS',
  path: '/api/orders',
  origin: fresh(one),
  rule: 'r0',
  requestMethod: 'PUT',
  requestHeaders: fresh(names),
})
const atPath = (i) => ({ method: 'GET', path: fresh(`/v1/service-${i % 10}/items/${i}`), origin: fresh(one) })

const deciding = (policy, make) => ({ make, run: (request) => evaluate(policy, request) })

/** Policies that a program changes, and the lists that it has. */
const tenants = withOrigins(policyOf(['@tenants']), 'tenants', exact)
const supplying = (origins) => ({ make: () => origins, run: (each) => withOrigins(tenants, 'tenants', each) })

const known = new Map(exact.map((origin) => [origin, true]))

/**
 * Name, what is measured, in what, and how many of it at most: two or three times what was seen, so that a busy machine passes
 * and a step back of an order does not. Among 100,000 a look-up waits for memory, which a linear one would do 1,000 times.
 */
const bounds = [
  ['a hot origin of one', deciding(policies['one origin'], hot), 'yardstick', 1.5],
  ['an origin of a hundred', deciding(policies['100 origins'], among100), 'yardstick', 6],
  ['an unknown origin', deciding(policies['100 origins'], unknown), 'yardstick', 5],
  ['a new subdomain', deciding(policies['one glob'], newSubdomain), 'yardstick', 16],
  ['a preflight of ten names', deciding(policies['one origin'], preflightOf(names.join())), 'yardstick', 8],
  ['a preflight of other names', deciding(policies['one origin'], preflightOf('x-header-1,x-other')), 'yardstick', 10],
  ['8,000 commas', deciding(policies['one origin'], preflightOf(','.repeat(8_000))), 'yardstick', 600],
  ['a hot origin of 100,000', deciding(policies['100,000 origins'], hot), 'a hot origin of one', 3],
  ['an unknown origin among 100,000', deciding(policies['100,000 origins'], unknown), 'an unknown origin', 20],
  ['an unknown origin, 100,000 globs', deciding(policies['100,000 globs'], unknown), 'an unknown origin', 6],
  ['a path of ten', deciding(byPath['10 paths'], atPath), 'yardstick', 12],
  ['a path of 10,000', deciding(byPath['10,000 paths'], atPath), 'a path of ten', 3],
  ['100,000 supplied origins', supplying(exact.map(fresh).reverse()), 'yardstick', 30_000_000],
  ['one more supplied', supplying({ add: ['https://one-more.example.com'] }), '100,000 supplied origins', 0.1],
]

const yardstick = { make: () => fresh(one), run: (origin) => known.get(origin) }

/** Rows that are beyond their bounds. */
async function judged(rows, isLast) {
  const subjects = { yardstick, ...Object.fromEntries(bounds.map(([name, subject]) => [name, subject])) }
  const wanted = new Set(rows.flatMap(([name, , inWhat]) => [name, inWhat]))
  const chosen = Object.fromEntries(Object.entries(subjects).filter(([name]) => wanted.has(name)))
  const times = await race(chosen, { rounds: 15, turn: 1e6, ofBatches: median })
  const best = (name) => Math.min(...times.get(name).samples)
  return rows.filter(([name, , inWhat, most]) => {
    const ratio = best(name) / best(inWhat)
    const beyond = ratio > most
    if (!beyond || isLast)
      console.log(`${beyond ? '✘' : '✔'} ${name}: ${ratio.toPrecision(2)} of ${inWhat}, at most ${most}`)
    return beyond
  })
}

let beyond = bounds
for (const isLast of [false, false, true]) if (beyond.length > 0) beyond = await judged(beyond, isLast)
process.exitCode = beyond.length === 0 ? 0 : 1
