/** The shop: its requests get what its policy says, over HTTP; the demo runs in a pipe and ends. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { checkPolicy, corsRequest, evaluate, withOrigins } from '@safeconduct/core'
import { lint, proveInvariants } from '@safeconduct/core/analysis'
import { parsePolicy } from '@safeconduct/core/text'
import { problems } from '@safeconduct/examples/shop/diagnostics'
import { type PageRequest, requests } from '@safeconduct/examples/shop/requests'
import { shop } from '@safeconduct/examples/shop/server'
import { read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const policyFile = new URL('../../../examples/shop/shop.cors.yaml', import.meta.url)

/** Who may do what, told apart from the policy: the rows of the demo, judged by hand. */
const verdicts: Readonly<Record<string, readonly [status: number, allowOrigin: string | undefined]>> = {
  'any page reads the catalogue': [200, '*'],
  'a client without Origin reads it': [200, '*'],
  'the shop asks to place an order': [204, 'https://shop.example.com'],
  'the shop places it, with its cookie': [201, 'https://shop.example.com'],
  'a preview asks to cancel an order': [204, 'https://pr-7.preview.example.com'],
  'a page follows the order events': [200, 'https://shop.example.com'],
  'a partner reads orders': [200, 'https://partner.example.net'],
  'a partner asks to cancel one': [403, undefined],
  "an order that isn't there, still readable": [404, 'https://shop.example.com'],
  'a typo in the origin': [200, undefined],
  'a look-alike of the origin': [200, undefined],
  'a header that is not granted': [403, undefined],
  'a method that is not served': [403, undefined],
  'the back office asks to set stock': [204, 'https://admin.example.com'],
  'the back office, not logged in: a readable 401': [401, 'https://admin.example.com'],
  'the shop tries the back office': [200, undefined],
  'the same with an escaped letter': [200, undefined],
  'a sandboxed frame loads a font': [200, '*'],
  'a path without a rule': [404, undefined],
}

async function answered({ method, path, headers, body }: PageRequest): Promise<readonly [number, unknown]> {
  const app = await shop(policyFile)
  await app.ready()
  app.safeconduct.replace(withOrigins(app.safeconduct.policy, 'partners', ['https://partner.example.net']))
  const answer = await app.inject({
    method: method as 'GET',
    url: path,
    headers: { ...headers },
    ...(body === undefined ? {} : { payload: body }),
  })
  await app.close()
  return [answer.statusCode, answer.headers['access-control-allow-origin']]
}

table(
  'the requests of the shop',
  requests.map((page): Row => [page.what, async () => assert.deepEqual(await answered(page), verdicts[page.what])]),
)

table('the policies of the shop', [
  [
    'the good one has nothing against it',
    () => {
      const document = parsePolicy(read('examples/shop/shop.cors.yaml'))
      assert.deepEqual(
        [...checkPolicy(document), ...lint(document)].map((d) => d.message),
        [],
      )
    },
  ],
  [
    'its invariants hold, partners included',
    async () => {
      const app = await shop(policyFile)
      assert.deepEqual(
        proveInvariants(withOrigins(app.safeconduct.policy, 'partners', ['https://partner.example.net'])),
        [],
      )
      await app.close()
    },
  ],
  [
    'the broken one is refused line by line',
    () => {
      const codes = problems(read('examples/shop/broken.cors.yaml'), 'broken.cors.yaml').map((d) => d.code)
      for (const code of [
        'unknown-key',
        'invalid-origin',
        'unknown-group',
        'public-suffix',
        'null-origin',
        'method-case',
        'ambiguous-paths',
      ]) {
        assert.ok(codes.includes(code as never), code)
      }
    },
  ],
  [
    'a request that a policy decides by path is decided alike without a server',
    async () => {
      const app = await shop(policyFile)
      const request = corsRequest('GET', '/api/admin/stock', { origin: 'https://shop.example.com' })
      assert.equal(evaluate(app.safeconduct.policy, request).reason, 'origin-not-allowed')
      await app.close()
    },
  ],
])

table('the demo', [
  [
    'plays every request, shows the broken policy, and ends',
    async () => {
      const file = fileURLToPath(new URL('../../../examples/dist/shop/demo.js', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [file], { timeout: 120_000 })
      for (const { what } of requests) assert.ok(stdout.includes(what), what)
      assert.match(stdout, /unknown-key: unknown key `credential`; did you mean `credentials`\?/)
      assert.match(stdout, /> 19 \|/)
    },
  ],
])
