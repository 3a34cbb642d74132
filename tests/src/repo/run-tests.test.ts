/**
 * The runner against hostile files: each is written to a temp folder, run alone, and must come out as it is.
 * uvu's own command reports the first four, and `.only`, as a success.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Row, table } from '../support/table.js'

const runner = fileURLToPath(new URL('../../../scripts/run-tests.mjs', import.meta.url))
const uvu = `import { suite } from '${import.meta.resolve('uvu')}'\n`
const tables = `import { table, skipTable } from '${new URL('../support/table.js', import.meta.url).href}'\n`

interface Hostile {
  readonly about: string
  readonly text: string
  /** The last line. */
  readonly sum: string
  /** What the output must say. */
  readonly says: RegExp
  readonly args?: readonly string[]
}

const hostile: readonly Hostile[] = [
  {
    about: 'a hook before the tests throws',
    text: `${uvu}const t = suite('s'); t.before(() => { throw new Error('x') }); t('a', () => {}); t('b', () => {}); t.run()`,
    sum: '0 passed, 2 failed',
    says: /✘ file: 2 failed/,
  },
  {
    about: 'a hook before the rows of a table throws',
    text: `${tables}table('s', [['a', () => {}]], { before: () => { throw new Error('no database') } })`,
    sum: '0 passed, 1 failed',
    says: /before s: Error: no database/,
  },
  {
    about: 'a hook after each test throws',
    text: `${uvu}const t = suite('s'); t.after.each(() => { throw new Error('x') }); t('a', () => {}); t.run()`,
    sum: '0 passed, 1 failed',
    says: /✘ file/,
  },
  {
    about: 'a hook after the tests throws',
    text: `${tables}table('s', [['a', () => {}]], { after: () => { throw new Error('not closed') } })`,
    sum: '0 passed, 1 failed',
    says: /after s: Error: not closed/,
  },
  {
    about: 'a test throws something that is no error',
    text: `${uvu}const t = suite('s'); t('a', () => { throw 'x' }); t('b', () => {}); t('c', () => {}); t.run()`,
    sum: '0 passed, 3 failed',
    says: /✘ file: 3 failed/,
  },
  {
    about: 'a row throws something that is no error, and the rows after it still run',
    text: `${tables}table('s', [['a', () => { throw 'x' }], ['b', () => {}], ['c', () => { throw undefined }]])`,
    sum: '1 passed, 2 failed',
    says: /threw 'x', which is not an Error/,
  },
  {
    about: 'a row throws an error that cannot be formatted, and the rows after it still run',
    text: `${tables}const bad = Object.assign(new Error('x'), { stack: undefined, operator: 7 })
      table('s', [['a', () => { throw bad }], ['b', () => {}]])`,
    sum: '1 passed, 1 failed',
    says: /FAIL/,
  },
  {
    about: 'the run is forgotten',
    text: `${uvu}const t = suite('s'); t('a', () => {})`,
    sum: '0 passed, 1 failed',
    says: /the file has no tests/,
  },
  { about: 'the file is empty', text: '', sum: '0 passed, 1 failed', says: /the file has no tests/ },
  {
    about: 'a table has no rows',
    text: `${tables}table('s', [])`,
    sum: '0 passed, 1 failed',
    says: /the table 's' has no rows/,
  },
  {
    about: 'a table has two rows with one sentence',
    text: `${tables}table('s', [['a', () => {}], ['a', () => {}]])`,
    sum: '0 passed, 1 failed',
    says: /the table 's' has two rows 'a'/,
  },
  {
    about: '`.only` is left in',
    text: `${uvu}const t = suite('s'); t('a', () => { throw new Error('x') }); t.only('b', () => {}); t.run()`,
    sum: '1 passed, 1 failed, 1 skipped',
    says: /`\.only` or `\.skip` is left in/,
  },
  {
    about: '`.skip` is left in',
    text: `${uvu}const t = suite('s'); t.skip('a', () => {}); t('b', () => {}); t.run()`,
    sum: '1 passed, 1 failed, 1 skipped',
    says: /`\.only` or `\.skip` is left in/,
  },
  {
    about: 'a promise never settles',
    text: `${tables}table('s', [['a', () => {}], ['b', () => new Promise(() => {})]])`,
    sum: '0 passed, 1 failed',
    says: /✘ file: (ended without a result|exit code 13)/,
  },
  {
    about: 'a promise never settles, and a timer keeps the process',
    text: `${tables}table('s', [['a', () => new Promise(() => { setInterval(() => {}, 1000) })]])`,
    sum: '0 passed, 1 failed',
    says: /✘ file: longer than 2 s/,
    args: ['--time-limit=2'],
  },
  {
    about: 'the process is busy for ever',
    text: 'console.log("busy"); for (;;);',
    sum: '0 passed, 1 failed',
    says: /longer than 1 s[\s\S]*busy/,
    args: ['--time-limit=1'],
  },
  {
    about: 'a test ends the process with exit code 0',
    text: `${tables}table('s', [['a', () => {}], ['b', () => process.exit(0)]])`,
    sum: '0 passed, 1 failed',
    says: /✘ file: ended without a result/,
  },
  {
    about: 'a rejection that nobody handles',
    text: `${tables}table('s', [['a', () => { Promise.reject(new Error('lost')) }]])`,
    sum: '0 passed, 1 failed',
    says: /✘ file: exit code 1[\s\S]*lost/,
  },
  {
    about: 'a rejection that nobody handles, after the last row',
    text: `${tables}table('s', [['a', () => { process.nextTick(() => Promise.reject(new Error('late'))) }]])`,
    sum: '0 passed, 1 failed',
    says: /✘ file: exit code 1[\s\S]*late/,
  },
  {
    about: 'an import that is not there',
    text: `${tables}import './gone.js'\ntable('s', [['a', () => {}]])`,
    sum: '0 passed, 1 failed',
    says: /the file cannot be loaded[\s\S]*gone\.js/,
  },
  {
    about: 'an error after a suite was queued',
    text: `${tables}table('s', [['a', () => {}]]); throw new Error('second half')`,
    sum: '1 passed, 1 failed',
    says: /the file cannot be loaded[\s\S]*second half/,
  },
  {
    about: 'a test sets the exit code',
    text: `${tables}table('s', [['a', () => { process.exitCode = 3 }]])`,
    sum: '1 passed, 1 failed',
    says: /✘ file: exit code 3/,
  },
  {
    about: 'a failing assertion is printed with what the file wrote',
    text: `import assert from 'node:assert'\n${tables}
      table('s', [['one is two', () => { console.log('printed by the row'); assert.deepEqual({ n: 1n }, { n: 2n }) }]])`,
    sum: '0 passed, 1 failed',
    says: /printed by the row[\s\S]*one is two[\s\S]*2n/,
  },
]

const friendly: readonly Hostile[] = [
  {
    about: 'an open server does not keep the process',
    text: `import http from 'node:http'\n${tables}
      table('s', [['a', () => new Promise((done) => { http.createServer().listen(0, '127.0.0.1', done) })]])`,
    sum: '1 passed, 0 failed',
    says: /✔ file: 1 passed/,
  },
  {
    about: 'announced skips are counted and said loudly',
    text: `${tables}skipTable('in a browser', [['a', () => {}], ['b', () => {}]], 'no browser here')`,
    sum: '0 passed, 0 failed, 2 skipped',
    says: /SKIPPED 2 rows of in a browser \(file\): no browser here/,
  },
  {
    about: 'a table that is made while another file loads is run',
    text: `${tables}await new Promise((go) => setTimeout(go, 10)); table('s', [['a', async () => {}], ['b', () => {}]])`,
    sum: '2 passed, 0 failed',
    says: /^✔ file: 2 passed, \d+ ms$/m,
  },
]

interface Files {
  readonly [path: string]: string
}

function runOn(files: Files, args: readonly string[] = []): { code: number | null; output: string; sum: string } {
  const root = mkdtempSync(join(tmpdir(), 'safeconduct-runner-'))
  try {
    for (const [path, text] of Object.entries({ 'dist/package.json': '{"type":"module"}', ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const { status, stdout, stderr } = spawnSync(process.execPath, [runner, join(root, 'dist'), ...args], {
      encoding: 'utf8',
    })
    return { code: status, output: stdout + stderr, sum: stdout.trimEnd().split('\n').at(-1) ?? '' }
  } finally {
    rmSync(root, { recursive: true })
  }
}

function judged({ about, text, sum, says, args }: Hostile, code: number): Row {
  return [
    about,
    () => {
      const run = runOn({ 'src/file.test.ts': '', 'dist/file.test.js': text }, args)
      assert.equal(run.sum, sum, run.output)
      assert.match(run.output, says)
      assert.equal(run.code, code, 'exit code')
    },
  ]
}

const good = `${tables}table('s', [['a', () => {}]])`
const bad = `${tables}table('s', [['a', () => { throw new Error('bad') }]])`

table(
  'the runner fails on',
  hostile.map((h) => judged(h, 1)),
)
table(
  'the runner passes',
  friendly.map((h) => judged(h, 0)),
)
table('the runner and its files', [
  [
    'adds the counts of all files, in folders too, and prints one line for each that passes',
    () => {
      const run = runOn({
        'src/a.test.ts': '',
        'dist/a.test.js': good,
        'src/deep/b.test.ts': '',
        'dist/deep/b.test.js': good,
        'src/deep/c.test.ts': '',
        'dist/deep/c.test.js': bad,
      })
      assert.equal(run.sum, '2 passed, 1 failed')
      assert.match(run.output, /^✔ deep\/b: 1 passed/m)
      assert.equal(run.code, 1)
    },
  ],
  [
    'runs only the files whose path has the filter in it',
    () => {
      const files = {
        'src/a.test.ts': '',
        'dist/a.test.js': bad,
        'src/deep/b.test.ts': '',
        'dist/deep/b.test.js': good,
      }
      const run = runOn(files, ['deep/'])
      assert.equal(run.sum, '1 passed, 0 failed')
      assert.equal(run.code, 0)
    },
  ],
  [
    'fails where the filter meets no file, or there is none',
    () => {
      assert.equal(runOn({ 'src/a.test.ts': '', 'dist/a.test.js': good }, ['zzz']).sum, '0 passed, 1 failed')
      assert.equal(runOn({}).sum, '0 passed, 1 failed')
      assert.equal(runOn({}).code, 1)
    },
  ],
  [
    'ignores, with a word, a compiled test whose source is gone',
    () => {
      const run = runOn({ 'src/a.test.ts': '', 'dist/a.test.js': good, 'dist/old.test.js': bad })
      assert.equal(run.sum, '1 passed, 0 failed')
      assert.match(run.output, /^- old: compiled from a source that is gone, ignored$/m)
    },
  ],
  [
    'fails on a source that is not compiled',
    () => {
      const run = runOn({ 'src/a.test.ts': '', 'dist/a.test.js': good, 'src/new.test.ts': '' })
      assert.equal(run.sum, '1 passed, 1 failed')
      assert.match(run.output, /^✘ new: is not compiled$/m)
    },
  ],
])
