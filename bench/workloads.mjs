/**
 * The races: what is allowed, and which requests come. A request is made anew for each call, with strings that nobody has
 * hashed yet, and with its headers in one of several orders.
 */
import { fresh } from './measure.mjs'

const base = { origins: [], patterns: [], paths: ['/api/**'], allowHeaders: ['content-type', 'x-csrf-token'] }

const browser = {
  host: 'api.example.com',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en',
  'sec-fetch-mode': 'cors',
}

/** Node adds header by header to one object, in the order of the wire. */
const orders = [
  (own) => [...Object.keys(own), ...Object.keys(browser)],
  (own) => [...Object.keys(browser), ...Object.keys(own)],
  (own) => ['host', ...Object.keys(own).reverse(), ...Object.keys(browser).slice(1)],
  (own) => [...Object.keys(browser).reverse(), ...Object.keys(own)],
]

export function request(i, method, own, url = '/api/orders') {
  const headers = {}
  for (const name of orders[i % orders.length](own)) headers[name] = fresh(own[name] ?? browser[name])
  return { method, url: fresh(url), headers }
}

const get = (origin, url) => (i) => request(i, 'GET', { origin: origin(i) }, url?.(i))
const preflight = (origin, names) => (i) =>
  request(i, 'OPTIONS', {
    'access-control-request-method': 'DELETE',
    'access-control-request-headers': names,
    origin: origin(i),
  })

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i))
/** Far apart in the list and in memory. */
const scattered = (i, count) => (i * 7919 + 13) % count

const exact = (count) => times(count, (i) => `https://tenant-${i}.example.com`)
const globs = (count) => times(count, (i) => `https://*.tenant-${i}.example`)
const names = (count) => times(count, (i) => `x-header-${String(i).padStart(4, '0')}`)

function exactOrigins(count) {
  const origins = exact(count)
  const config = { ...base, origins }
  const middle = origins[count >> 1]
  return [
    { name: `${count} exact, hot hit`, config, make: get(() => middle), allowed: true },
    { name: `${count} exact, spread hits`, config, make: get((i) => origins[scattered(i, count)]), allowed: true },
    { name: `${count} exact, misses`, config, make: get((i) => `https://other-${i}.example.com`), allowed: false },
  ]
}

function subdomains(count) {
  const config = { ...base, patterns: globs(count) }
  const at = (i) => `https://pr-${i % 50}.tenant-${scattered(i, count)}.example`
  const hot = `https://pr-7.tenant-${count >> 1}.example`
  const common = { config, onlyOurs: count > 10_000 }
  return [
    { name: `${count} subdomain globs, hot hit`, make: get(() => hot), allowed: true, ...common },
    { name: `${count} subdomain globs, spread hits`, make: get(at), allowed: true, ...common },
    {
      name: `${count} subdomain globs, misses`,
      make: get((i) => `https://x${i}.other.example`),
      allowed: false,
      ...common,
    },
  ]
}

function pathGlobs(count) {
  const paths = times(count, (i) => `/v1/service-${i}/**`)
  const url = (i) => `/v1/service-${scattered(i, count)}/items/${i % 100}?page=2`
  const config = { ...base, origins: exact(1), paths }
  return {
    name: `${count} path globs`,
    config,
    make: get(() => 'https://tenant-0.example.com', url),
    allowed: true,
    onlyOurs: true,
    byPath: true,
  }
}

function preflights() {
  const origins = exact(100)
  const hot = () => origins[50]
  const of = (count, allowHeaders, text) => ({
    name: `preflight of ${count} request headers`,
    config: { ...base, origins, ...(allowHeaders && { allowHeaders }) },
    make: preflight(hot, text),
    allowed: true,
  })
  return [
    of(1, undefined, 'content-type'),
    of(10, names(10), names(10).join(',')),
    {
      ...of(1_000, names(100), names(1_000).join(',')),
      allowed: 'browser',
      name: 'preflight of 1000 request headers (hostile)',
    },
    { ...of(1_000, names(100), ','.repeat(8_000)), allowed: true, name: 'preflight of 8000 commas (hostile)' },
  ]
}

function hostileOrigins() {
  const config = { ...base, origins: exact(100) }
  const patterns = { ...base, patterns: globs(100) }
  const long = `https://${'a'.repeat(8_000)}.example`
  return [
    { name: 'an Origin of 8 kB, 100 exact', config, make: get(() => long), allowed: false },
    { name: 'an Origin of 8 kB, 100 globs', config: patterns, make: get(() => long), allowed: false },
    {
      name: 'an Origin of 120 labels, 100 globs',
      config: patterns,
      make: get(() => `https://${'a.'.repeat(120)}example`),
      allowed: false,
    },
    {
      name: 'random subdomains, 100 globs',
      config: patterns,
      make: get((i) => `https://${i.toString(36)}x${(i * 7919).toString(36)}.tenant-7.example`),
      allowed: true,
    },
  ]
}

export const workloads = [
  {
    name: 'no Origin, 100 exact',
    config: { ...base, origins: exact(100) },
    make: (i) => request(i, 'GET', {}),
    allowed: false,
  },
  ...[1, 100, 1_000, 100_000].flatMap(exactOrigins),
  ...[1, 100, 10_000, 100_000].flatMap(subdomains),
  ...[10, 1_000, 10_000].map(pathGlobs),
  ...preflights(),
  ...hostileOrigins(),
]
