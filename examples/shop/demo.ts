/**
 * `npm run demo`: the shop on a free loopback port, a page's requests against it over HTTP, and a broken policy with its
 * diagnostics. On a terminal the server stays up; in a pipe the demo ends.
 */
import { request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { corsRequest, evaluate, withOrigins } from '@safeconduct/core'
import type { FastifyInstance } from 'fastify'
import { pc } from './colours.js'
import { printDiagnostics } from './diagnostics.js'
import { type PageRequest, requests } from './requests.js'
import { shop } from './server.js'

// A reader that has seen enough (`npm run demo | head`) ends the demo.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1))

/** Columns of the request and the rule. */
const widths = [38, 10]

const here = new URL('../../shop/', import.meta.url)

const app = await shop(new URL('shop.cors.yaml', here))
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo

// The program knows its partners; the policy says what they may do.
app.safeconduct.replace(withOrigins(app.safeconduct.policy, 'partners', ['https://partner.example.net']))

console.log(pc.bold(`The shop listens on http://127.0.0.1:${port}, under examples/shop/shop.cors.yaml.\n`))
console.log(pc.dim(`  ${row(['REQUEST', 'RULE'])} ${'DECISION'.padEnd(8)} ${'REASON'.padEnd(28)} STATUS`))
for (const page of requests) await play(page)

console.log(pc.bold('\nA broken policy does not load: examples/shop/broken.cors.yaml\n'))
await printDiagnostics(new URL('broken.cors.yaml', here))

if (process.stdout.isTTY) {
  const url = `http://127.0.0.1:${port}`
  console.log(pc.bold('\nThe shop stays up; end it with Ctrl+C. To try:\n'))
  console.log(`  curl -i ${url}/api/orders -H 'Origin: https://shop.example.com'`)
  console.log(`  curl -i ${url}/api/orders -H 'Origin: https://evil.example'`)
  console.log(
    `  curl -i ${url}/api/orders/1 -X OPTIONS -H 'Origin: https://shop.example.com' -H 'Access-Control-Request-Method: DELETE'`,
  )
} else await app.close()

/** Sends one request, and prints a row: what was asked, who decides, what is decided and why, and the headers that came back. */
async function play(page: PageRequest): Promise<void> {
  const { status, headers } = await exchange(page)
  const decision = decided(app, page)
  const verdict = decision.kind === 'non-cors' ? 'no CORS' : decision.allowed ? 'allowed' : 'refused'
  const colour = verdict === 'allowed' ? pc.green : verdict === 'refused' ? pc.red : pc.dim
  const asks = page.headers['access-control-request-method']
  console.log(`${pc.bold(page.what)}  ${pc.dim(`(from ${page.headers.origin ?? 'no origin'})`)}`)
  const request = `${page.method}${asks === undefined ? '' : ` for ${asks}`} ${page.path}`
  console.log(
    `  ${row([request, decision.ruleId ?? '–'])} ${colour(verdict.padEnd(8))} ${decision.reason.padEnd(28)} ${status}`,
  )
  for (const [name, value] of headers) console.log(pc.dim(`      ${name}: ${value}`))
}

function row(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' ')
}

function decided(
  { safeconduct }: FastifyInstance,
  { method, path, headers }: PageRequest,
): ReturnType<typeof evaluate> {
  const servedMethods = app.supportedMethods.filter(
    (name) => app.findRoute({ url: path, method: name as 'GET' }) !== null,
  )
  return evaluate(safeconduct.policy, { ...corsRequest(method, path, headers), servedMethods })
}

interface Exchange {
  readonly status: number
  /** Those of the CORS protocol. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

function exchange({ method, path, headers, body }: PageRequest): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const outgoing = send({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const shown = Object.entries(response.headers).filter(
        ([name]) => name.startsWith('access-control-') || name === 'vary',
      )
      response.resume()
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: shown.map(([name, value]) => [name, String(value)]) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
