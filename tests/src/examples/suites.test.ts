/** The shop's suite, and the programs that run it from test libraries: they pass, and fail where the policy is widened. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compilePolicy, PolicyError } from '@safeconduct/core'
import { checkSuite, runSuite, suiteCoverage } from '@safeconduct/core/suite'
import { parsePolicy, parseSuite } from '@safeconduct/core/text'
import { read, root } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const policy = compilePolicy(parsePolicy(read('examples/shop/shop.cors.yaml'), { format: 'yaml' }))
const suite = parseSuite(read('examples/shop/shop.cors.test.yaml'), { file: 'shop.cors.test.yaml' })

/** Each with what Node is given, in the folder of the examples, and what it says where all is well. */
const programs: readonly (readonly [name: string, args: readonly string[], passed: RegExp])[] = [
  ['node:test', ['--test', 'dist/suites/node-test.js'], /^# pass 10$/m],
  ['uvu', ['dist/suites/uvu.js'], /Passed: +10$/m],
  ['vitest', ['node_modules/vitest/vitest.mjs', 'run', 'suites'], /Tests +10 passed/],
]

function run(cwd: string, args: readonly string[]): { readonly status: number | null; readonly output: string } {
  // A test file of node:test tells a parent that is one, and not the pipe.
  const { NODE_TEST_CONTEXT: _, FORCE_COLOR: __, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
  return { status, output: stdout + stderr }
}

/** The examples, with a policy that lets the back office POST. */
function widened(): string {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-suites-'))
  for (const part of ['shop', 'suites', 'dist/suites', 'package.json'])
    cpSync(join(root, 'examples', part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'examples/node_modules'), join(folder, 'node_modules'))
  const file = join(folder, 'shop/shop.cors.yaml')
  const text = readFileSync(file, 'utf8').replace('methods: [GET, PUT, DELETE]', 'methods: [GET, PUT, POST, DELETE]')
  assert.notEqual(text, readFileSync(file, 'utf8'))
  writeFileSync(file, text)
  return folder
}

const rows = programs.flatMap(([name, args, passed]): Row[] => [
  [
    `passes when ${name} runs it`,
    () => {
      const { status, output } = run(join(root, 'examples'), args)
      assert.equal(status, 0, output)
      assert.match(output, passed)
    },
  ],
  [
    `fails when ${name} runs it on a policy that is wider, and says by what`,
    () => {
      const folder = widened()
      try {
        const { status, output } = run(folder, args)
        assert.equal(status, 1, output)
        for (const part of [
          'the back office belongs to one page: 1 of 9 cells (shop.cors.test.yaml:29:5)',
          'POST /api/admin/stock from https://admin.example.com',
          '- refused',
          '+ allowed with credentials',
        ]) {
          assert.ok(output.includes(part), `${part}\n${output}`)
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  ],
])

table('the suite of the shop', [
  ['has no faults', () => assert.deepEqual(checkSuite(suite), [])],
  ['passes', () => assert.ok(runSuite(policy, suite).passed)],
  ['visits every class of requests', () => assert.deepEqual(suiteCoverage(policy, suite).missing, [])],
  [
    'supplies what the policy takes',
    () => assert.throws(() => runSuite(policy, { ...suite, external: { web: ['https://a.example'] } }), PolicyError),
  ],
  ...rows,
])
