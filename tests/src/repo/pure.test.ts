/**
 * Core needs no Node, no clock and no code made from strings: it is bundled into one script and run in a context that
 * has the language and nothing else. A policy is checked, compiled and asked in there.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { root } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const core = join(root, 'packages/core')

/** `neutral` knows no builtin module: an import of one fails here, and so does whatever else cannot be found. */
async function bundled(door: string): Promise<{ code: string; inputs: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: core,
    entryPoints: [`dist/${door}.js`],
    bundle: true,
    platform: 'neutral',
    // picomatch and a few others name their CommonJS file in `main` alone.
    mainFields: ['module', 'main'],
    format: 'iife',
    globalName: 'safeconduct',
    metafile: true,
    write: false,
    logLevel: 'silent',
  })
  return { code: outputFiles[0]?.text ?? '', inputs: Object.keys(metafile.inputs) }
}

/** What a script may not touch here. The language itself (`Map`, `JSON`, …) is every context's own. */
const surroundings = ['process', 'require', 'module', 'Buffer', 'URL', 'TextEncoder', 'performance', 'fetch']

/** A context whose clock and console throw, and in which strings are not code. */
function emptyContext(): object {
  const context = createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } })
  runInContext(
    `for (const name of ['console', 'Date', 'setTimeout', 'crypto', 'WebAssembly'])
       Object.defineProperty(globalThis, name, { get() { throw new Error(name + ' is used') } })
     Math.random = () => { throw new Error('Math.random is used') }`,
    context,
  )
  return context
}

/** Runs the door's bundle and then `script` in an empty context; the answer comes out as JSON. */
async function inside(door: string, script: string): Promise<unknown> {
  const context = emptyContext()
  runInContext((await bundled(door)).code, context, { filename: `${door}.bundle.js` })
  return JSON.parse(String(runInContext(`JSON.stringify((() => { ${script} })())`, context)))
}

/** The same with several doors, each under a name; a policy of one is asked about through another. */
async function insideAll(doors: Readonly<Record<string, string>>, script: string): Promise<unknown> {
  const context = emptyContext()
  for (const [name, door] of Object.entries(doors)) {
    runInContext(`${(await bundled(door)).code}\n;var ${name} = safeconduct`, context, {
      filename: `${door}.bundle.js`,
    })
  }
  return JSON.parse(String(runInContext(`JSON.stringify((() => { ${script} })())`, context)))
}

const suite = `
version: 1
matrices:
  - { name: fonts, origins: ['null'], paths: [/assets/a.woff], methods: [GET, PUT], allow: [{ origins: ['null'], methods: [GET] }] }
cases:
  - name: orders
    fetch: { from: https://shop.example.com, path: /api/orders/7, method: DELETE, headers: { x-csrf-token: '1' }, credentials: include }
    expect: { readable: true, rule: orders, preflight: true }
`

const document = `{
  version: 1,
  origins: { web: ['https://shop.example.com', 'https://pr-*.preview.example.com'], tenants: { external: true } },
  rules: [
    { id: 'orders', paths: ['/api/orders/**'],
      allow: [{ origins: ['@web', '@tenants'], methods: ['GET', 'DELETE'], credentials: true, requestHeaders: ['x-csrf-token'] }] },
    { id: 'fonts', paths: ['/assets/**/*.{woff,woff2}'], allow: [{ origins: ['*'] }] },
  ],
}`

const rows: Row[] = [
  [
    'the context has none of what core must not need, and refuses to make code from strings',
    () => {
      const context = emptyContext()
      for (const name of surroundings) assert.equal(runInContext(`typeof ${name}`, context), 'undefined', name)
      assert.throws(() => runInContext('eval("1")', context), /Code generation from strings disallowed/)
      assert.throws(() => runInContext('new Function("return 1")', context), /Code generation from strings disallowed/)
      assert.throws(() => runInContext('new Date()', context), /Date is used/)
    },
  ],
  [
    'checkPolicy finds what is wrong',
    async () => {
      const codes = await inside(
        'index',
        `return safeconduct.checkPolicy({ version: 1, rules: [
           { id: 'a', paths: ['/a/**'], allow: [{ origins: ['null', 'https://*.vercel.app', 'https://Shop.example'] }] },
           { id: 'b', paths: ['/a/**'], alow: [] }] }).map((d) => d.code)`,
      )
      assert.ok(Array.isArray(codes))
      for (const code of ['null-origin', 'invalid-origin', 'unknown-key']) assert.ok(codes.includes(code), `${codes}`)
    },
  ],
  [
    'checkPolicy passes a good policy',
    async () => assert.deepEqual(await inside('index', `return safeconduct.checkPolicy(${document})`), []),
  ],
  [
    'compilePolicy and evaluate decide an actual request, a preflight and a refusal',
    async () => {
      const decisions = await inside(
        'index',
        `const policy = safeconduct.withOrigins(
           safeconduct.compilePolicy(${document}), 'tenants', ['https://tenant.example'])
         const ask = (method, url, headers) =>
           safeconduct.evaluate(policy, safeconduct.corsRequest(method, url, headers))
         return [
           ask('GET', '/api/orders/7', { origin: 'https://pr-12.preview.example.com' }),
           ask('OPTIONS', '/api/%6frders/7', { origin: 'https://tenant.example', 'access-control-request-method': 'DELETE',
             'access-control-request-headers': 'x-csrf-token' }),
           ask('GET', '/api/orders/7', { origin: 'https://evil.example' }),
           ask('GET', '/assets/a/b.woff2', {}),
         ]`,
      )
      assert.ok(Array.isArray(decisions))
      const [actual, preflight, refused, font] = decisions
      assert.equal(actual.headers['access-control-allow-origin'], 'https://pr-12.preview.example.com')
      assert.equal(preflight.status, 204)
      assert.equal(preflight.headers['access-control-allow-origin'], 'https://tenant.example')
      assert.equal(refused.reason, 'origin-not-allowed')
      assert.equal(font.headers['access-control-allow-origin'], '*')
    },
  ],
  [
    'the text door reads JSONC and YAML, and says where a fault is',
    async () => {
      const read = await inside(
        'text/index',
        `const { parsePolicy } = safeconduct
         let fault
         try { parsePolicy('version: 1\\nversion: 1\\nrules: []', { format: 'yaml' }) } catch (e) { fault = e.diagnostics[0] }
         return [
           parsePolicy('{ "version": 1, /* none */ "rules": [] }', { format: 'jsonc' }),
           parsePolicy('version: 1\\nrules: []\\n', { format: 'yaml' }),
           fault,
         ]`,
      )
      assert.ok(Array.isArray(read))
      assert.deepEqual(read.slice(0, 2), [
        { version: 1, rules: [] },
        { version: 1, rules: [] },
      ])
      assert.equal(read[2].code, 'duplicate-key')
      assert.equal(read[2].position.line, 2)
    },
  ],
  [
    'the text door reads a suite, and the door of suites runs it, a browser included',
    async () => {
      const result = await insideAll(
        { core: 'index', text: 'text/index', suites: 'suite/index' },
        `const policy = core.compilePolicy(${document})
         const suite = text.parseSuite(${JSON.stringify(suite)})
         const { passed, counts } = suites.runSuite(policy, suite)
         return [passed, counts.passed, suites.suggestCases(policy, suite).length > 0, suites.checkSuite({ version: 1, cases: [{}] }).length > 0]`,
      )
      assert.deepEqual(result, [true, 3, true, true])
    },
  ],
  [
    'the browser asks first, and reads what it is allowed to',
    async () => {
      const outcome = await inside(
        'browser/index',
        `const { readable, explanation, preflight } = safeconduct.wouldBrowserAllow(
           { from: 'https://shop.example.com', url: 'https://api.example.com:8443/a/../b?c#d', method: 'PUT' },
           ({ method }) => ({ status: 204, headers: { 'access-control-allow-origin': '*', 'access-control-allow-methods': 'PUT' } }))
         return [readable, explanation, preflight.url]`,
      )
      assert.deepEqual(outcome, [
        true,
        'the server shares the response with the page',
        'https://api.example.com:8443/b?c',
      ])
    },
  ],
  [
    'the bundle of the front door holds no parser, no schema compiler and no router',
    async () => {
      const { inputs } = await bundled('index')
      assert.ok(inputs.some((file) => file.endsWith('dist/index.js')))
      assert.deepEqual(
        inputs.filter((file) => /node_modules\/(yaml|jsonc-parser|ajv|find-my-way|fastify|tldts)\//.test(file)),
        [],
      )
    },
  ],
]

table('core in an empty context', rows)
