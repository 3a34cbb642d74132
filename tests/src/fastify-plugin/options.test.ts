import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compilePolicy, type PolicyDocument } from '@safeconduct/core'
import safeconduct, { SafeconductError } from '@safeconduct/fastify'
import Fastify from 'fastify'
import { checkOptions } from '../../../packages/fastify-plugin/dist/options.js'
import { type Row, table } from '../support/table.js'

const policy: PolicyDocument = {
  version: 1,
  rules: [{ id: 'api', paths: ['/api/**'], allow: [{ origins: ['https://a.example'] }] }],
}

function refused(options: unknown, message: RegExp): void {
  assert.throws(
    () => checkOptions(options),
    (error) => error instanceof SafeconductError && error.code === 'SAFECONDUCT_OPTION' && message.test(error.message),
  )
}

table('the options', [
  [
    'have defaults',
    () =>
      assert.deepEqual(checkOptions({ policy }), {
        policy,
        preflight: 'respond',
        attach: 'all',
        debug: false,
        logLevel: undefined,
      }),
  ],
  [
    'keep what is given',
    () => {
      const options = { policy: './p.json', preflight: 'continue', attach: 'preflight', debug: true, logLevel: 'debug' }
      assert.deepEqual(checkOptions(options), options)
    },
  ],
  ...(
    [
      [undefined, /no object; give `policy`/],
      [null, /no object; give `policy`/],
      [{}, /`policy` is missing/],
      [{ policy: '' }, /`policy` is none/],
      [{ policy: 1 }, /`policy` is none/],
      [{ policy: null }, /`policy` is none/],
      [{ policy, preflights: 'continue' }, /unknown option `preflights`; did you mean `preflight`\?/],
      [{ policy, Debug: true }, /unknown option `Debug`; did you mean `debug`\?/],
      [{ polcy: policy }, /unknown option `polcy`; did you mean `policy`\?/],
      [{ policy, bug: true }, /unknown option `bug`; the options are policy, preflight/],
      [{ policy, logLevel: null }, /`logLevel` is of type null; give the name of a level/],
      [{ policy, attach: null }, /`attach` is of type null; give "all" or "preflight"/],
      [{ policy, prefix: '/a' }, /unknown option `prefix`; the options are policy, preflight/],
      // What @fastify/cors takes, silently ignored, would leave a policy that nobody wrote.
      [{ origin: '*' }, /unknown option `origin`; that is said in the policy/],
      [{ policy, credentials: true }, /that is said in the policy/],
      [{ policy, preflight: true }, /`preflight` is of type boolean; give "respond" or "continue"/],
      [{ policy, attach: 'none' }, /`attach` is `none`; give "all" or "preflight"/],
      [{ policy, debug: 'yes' }, /`debug` is `yes`; give false or true/],
      [{ policy, logLevel: 3 }, /`logLevel` is of type number/],
      [{ policy, 'a\nb': 1 }, /unknown option `a\\u000ab`/],
    ] as const
  ).map(([options, message]): Row => [`refuse ${JSON.stringify(options)}`, () => refused(options, message)]),
])

async function inFolder(use: (folder: string) => unknown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-'))
  try {
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function allows(given: unknown): Promise<void> {
  const app = Fastify()
  await app.register(safeconduct, { policy: given as string })
  app.get('/api/x', async () => 'x')
  const { headers } = await app.inject({ url: '/api/x', headers: { origin: 'https://a.example' } })
  assert.equal(headers['access-control-allow-origin'], 'https://a.example')
}

async function fails(given: unknown, message: RegExp): Promise<void> {
  const app = Fastify()
  const isExpected = (error: unknown): boolean =>
    error instanceof SafeconductError && error.code === 'SAFECONDUCT_POLICY' && message.test(error.message)
  await assert.rejects(async () => app.register(safeconduct, { policy: given as string }), isExpected)
}

const yaml = 'version: 1\nrules:\n  - id: api\n    paths: [/api/**]\n    allow:\n      - origins: [https://a.example]\n'

table('a policy given to the plugin', [
  ['a document', () => allows(policy)],
  ['a compiled policy', () => allows(compilePolicy(policy))],
  [
    'the path of a file, from the working directory',
    () =>
      inFolder((folder) => {
        writeFileSync(join(folder, 'a.cors.json'), JSON.stringify(policy))
        return allows(relative(process.cwd(), join(folder, 'a.cors.json')))
      }),
  ],
  [
    'a file URL, in YAML',
    () =>
      inFolder((folder) => {
        writeFileSync(join(folder, 'a b.cors.yaml'), yaml)
        return allows(pathToFileURL(join(folder, 'a b.cors.yaml')))
      }),
  ],
  [
    'errors of a file name file, line and column, all of them',
    () =>
      inFolder((folder) => {
        const file = join(folder, 'bad.cors.yaml')
        writeFileSync(file, yaml.replace('https://a.example', 'https://A.example, "null"'))
        return fails(file, /bad\.cors\.yaml:6:19 error invalid-origin: .*\n.*bad\.cors\.yaml:6:\d+ error null-origin: /)
      }),
  ],
  ['errors of a document have pointers', () => fails({ ...policy, rules: [{ id: 'a' }] }, /\/rules\/0/)],
  ['a file that is not there', () => fails('./no/such.json', /`\.\/no\/such\.json` cannot be read: `ENOENT/)],
  ['a URL that is no file', () => fails(new URL('https://a.example/p.json'), /cannot be read/)],
  ['something that is no policy', () => fails({}, /does not load/)],
])
