/**
 * The runner against hostile files: they are written to a temp folder, run in processes that they share, and each must come
 * out as it is.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { endless, friendly, hostile, type TestFile, tables } from '../support/hostile-tests.js'
import { type Row, table } from '../support/table.js'

const runner = fileURLToPath(new URL('../../../scripts/run-tests.mjs', import.meta.url))

type Texts = Readonly<Record<string, string>>

interface Run {
  readonly code: number | null
  readonly output: string
  /** The last line. */
  readonly sum: string
}

function runOn(files: Texts, ...args: readonly string[]): Run {
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

/** Sources, and what is compiled of them. */
function tests(texts: Texts): Texts {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => [
      [`src/${name}.test.ts`, ''],
      [`dist/${name}.test.js`, text],
    ]),
  )
}

/** All in one run, at the first row; a row for each, and one for the sum. */
function judged(files: readonly TestFile[], ...args: readonly string[]): readonly Row[] {
  const name = (i: number): string => `file-${String(i).padStart(2, '0')}`
  const texts = Object.fromEntries(files.map(({ text }, i) => [name(i), text]))
  let kept: Run | undefined
  const run = (): Run => {
    kept ??= runOn(tests(texts), ...args)
    return kept
  }
  const count = (kind: string): number =>
    files.reduce((all, { sum }) => all + Number(new RegExp(`(\\d+) ${kind}`).exec(sum)?.[1] ?? 0), 0)
  return [
    ...files.map(({ about, sum, says }, i): Row => {
      const start = `${sum.includes('failed') ? '✘' : '✔'} ${name(i)}: ${sum}, `
      return [
        about,
        () => {
          const parts = run().output.split(/^(?=[✘✔] file-)/m)
          const part = parts.find((p) => p.startsWith(start)) ?? assert.fail(run().output)
          assert.match(part, says)
        },
      ]
    }),
    [
      'the sum is that of all, and the exit code says whether one failed',
      () => {
        const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : ''
        assert.equal(run().sum, `${count('passed')} passed, ${count('failed')} failed${skipped}`)
        assert.equal(run().code, count('failed') > 0 ? 1 : 0)
      },
    ],
  ]
}

const good = `${tables}table('s', [['a', () => {}]])`
const bad = `${tables}table('s', [['a', () => { throw new Error('bad') }]])`

table(
  'the runner, on files that fail and files that pass,',
  judged([...hostile.slice(0, 12), ...friendly, ...hostile.slice(12)], '--processes=2'),
)
table('the runner, on files that never end,', judged(endless, '--processes=2', '--time-limit=2'))

/** What a file leaves behind, and whether another file meets it. */
const left: readonly (readonly [what: string, leave: string, isThere: string])[] = [
  ['an exit code', 'process.exitCode = 0', 'process.exitCode !== undefined'],
  ['a folder', `process.chdir('/')`, `process.cwd() === '/'`],
  ['a variable', `process.env.LEFT = 'x'`, `'LEFT' in process.env`],
  ['a variable less', 'delete process.env.PATH', `!('PATH' in process.env)`],
  ['a global', 'globalThis.left = 1', `'left' in globalThis`],
  ['a global less', 'delete globalThis.fetch', `!('fetch' in globalThis)`],
  ['a patched function', 'JSON.parse = () => 1', `JSON.parse('2') === 1`],
  ['a method more', 'String.prototype.left = () => 1', `'left' in ''.constructor.prototype`],
  ['a listener', `process.on('unhandledRejection', () => {})`, `process.listenerCount('unhandledRejection') > 0`],
  ['a timer', 'setInterval(() => process.exit(), 60_000)', `process.getActiveResourcesInfo().includes('Timeout')`],
  [
    'a server',
    `await new Promise((done) => http.createServer().listen(0, '127.0.0.1', done))`,
    `process.getActiveResourcesInfo().includes('TCPServerWrap')`,
  ],
  ['a silent console', 'console.error = () => {}', `console.error.name !== 'error'`],
  ['a patched method', 'Array.prototype.flat = () => []', '[1].flat().length === 0'],
  ['a silent stream', 'process.stderr.write = () => true', `Object.hasOwn(process.stderr, 'write')`],
]
const leaving = (what: string, leave: string, isThere: string): string => `import http from 'node:http'\n${tables}
  table('s', [['a', async () => { ${leave}; if (!(${isThere})) throw new Error('${what} is not there') }]])`
const meeting = (what: string, _: string, isThere: string): string =>
  `${tables}table('s', [['a', () => { if (${isThere}) throw new Error('${what} is met') }]])`

/** One thing after the other, in one process, and whether it was seen each time. */
const tracing = `import http from 'node:http'
  import { changes, traces } from '${new URL('test-traces.mjs', pathToFileURL(runner)).href}'
  const unseen = []
  // What is evaluated finds all of Node's modules on the global object, and loads them when they are looked at.
  traces()
  let before = traces()
  const look = (what) => {
    const after = traces()
    if (changes(before, after).length === 0) unseen.push(what)
    before = after
  }
  if (changes(before, traces()).length > 0) unseen.push('that nothing has changed')
  ${left.map(([what, leave]) => `${leave}; look('${what}')`).join('\n')}
  process.stdout.write('unseen: ' + unseen.join())
  process.exit()`

/** A process that ends after its file has passed, while the runner is busy and reads all that came at once. */
const dying = (
  file: string,
): string => `import { startProcess } from '${new URL('test-process.mjs', pathToFileURL(runner)).href}'
  const busy = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  const test = startProcess(30)
  const first = test.run('${file}')
  setTimeout(busy, 50, 2500)
  const outcomes = [await first, await test.run('${file}')]
  process.stdout.write(JSON.stringify(outcomes.map(({ result, end, output }) => [result?.passed, end, /late/.test(output)])))
  process.exit()`

const counter = 'export const seen = []'
const first = `import { seen } from './seen.js'\n${tables}
  table('s', [['is the first', () => { console.log('I am', import.meta.url); assert(seen.push(1) === 1) }]])
  function assert(right) { if (!right) throw new Error('is not the first') }`

table('the runner, where a file could meet what another left,', [
  [
    'goes on in a new process',
    () => {
      const few = left.filter(([what]) => ['a global', 'a patched function', 'a server'].includes(what))
      const files = few.flatMap((one, i) => [
        [`${i}-leaving`, leaving(...one)],
        [`${i}-meeting`, meeting(...one)],
      ])
      const run = runOn(tests(Object.fromEntries(files)), '--processes=1')
      assert.equal(run.sum, '6 passed, 0 failed', run.output)
    },
  ],
  [
    'sees whatever is left',
    () => {
      const run = spawnSync(process.execPath, ['--input-type=module', '--eval', tracing], { encoding: 'utf8' })
      assert.equal(run.stdout, 'unseen: ', run.stderr)
    },
  ],
  [
    'says that a file passes alone, and after which it does not, and shows what that one wrote',
    () => {
      const run = runOn({ ...tests({ a: first, b: first, c: good }), 'dist/seen.js': counter }, '--processes=1')
      assert.match(run.output, /^✘ b: 0 passed, 1 failed, \d+ ms, but passes alone, not after a$/m)
      assert.match(run.output, /I am .*b\.test\.js[\s\S]*is not the first/)
      assert.doesNotMatch(run.output, /I am .*a\.test\.js/)
      assert.equal(run.sum, '2 passed, 1 failed')
    },
  ],
  [
    'blames nobody else for an error that comes too late',
    () => {
      // Where `a` was, `b` is there when the error comes; alone it has nothing to wait for.
      const late = `import { seen } from './seen.js'\n${tables}
        table('s', [['a', () => { seen.push(1); setTimeout(() => { throw new Error('late') }, 1000).unref() }]])`
      const waits = `import { seen } from './seen.js'\n${tables}
        table('s', [['a', () => new Promise((done) => { setTimeout(done, 60_000 * seen.length) })]])`
      const run = runOn({ ...tests({ a: late, b: waits, c: good }), 'dist/seen.js': counter }, '--processes=1')
      assert.match(
        run.output,
        /^✘ b: 0 passed, 1 failed, exit code 1, \d+ ms, but passes alone, not after a\n[\s\S]*late/m,
      )
      assert.equal(run.sum, '2 passed, 1 failed')
    },
  ],
  [
    'loses nothing of what a process writes as it ends between two files',
    () => {
      const root = mkdtempSync(join(tmpdir(), 'safeconduct-runner-'))
      const [file, parent] = [join(root, 'a.mjs'), join(root, 'parent.mjs')]
      const late = `setTimeout(() => { throw new Error('late') }, 800).unref()`
      writeFileSync(file, `${tables}table('s', [['a', () => { ${late} }]])`)
      writeFileSync(parent, dying(file))
      const run = spawnSync(process.execPath, [parent], { encoding: 'utf8' })
      rmSync(root, { recursive: true })
      assert.equal(run.stdout, '[[1,"",false],[null,"exit code 1",true]]', run.stderr)
    },
  ],
  [
    'gives each file a process of its own where asked to, and to one that measures the heap unasked',
    () => {
      const files = { ...tests({ a: first, b: first }), 'dist/seen.js': counter }
      assert.equal(runOn(files, '--processes=1', '--isolated').sum, '2 passed, 0 failed')
      const heap = `import '../dist/support/heap.js'\n${first}`
      const measures = { ...tests({ a: first, b: heap, c: heap }), 'dist/seen.js': counter, 'dist/support/heap.js': '' }
      assert.equal(runOn(measures, '--processes=1').sum, '3 passed, 0 failed')
    },
  ],
])
table('the runner and its files', [
  [
    'adds the counts of all files, in folders too, and prints one line for each that passes',
    () => {
      const run = runOn(tests({ a: good, 'deep/b': good, 'deep/c': bad }))
      assert.equal(run.sum, '2 passed, 1 failed')
      assert.match(run.output, /^✔ deep\/b: 1 passed/m)
      assert.equal(run.code, 1)
    },
  ],
  [
    'runs only the files whose path has the filter in it',
    () => {
      const run = runOn(tests({ a: bad, 'deep/b': good }), 'deep/')
      assert.equal(run.sum, '1 passed, 0 failed')
      assert.equal(run.code, 0)
    },
  ],
  [
    'fails where the filter meets no file, or there is none',
    () => {
      assert.equal(runOn(tests({ a: good }), 'zzz').sum, '0 passed, 1 failed')
      assert.equal(runOn({}).sum, '0 passed, 1 failed')
      assert.equal(runOn({}).code, 1)
    },
  ],
  [
    'ignores, with a word, a compiled test whose source is gone',
    () => {
      const run = runOn({ ...tests({ a: good }), 'dist/old.test.js': bad })
      assert.equal(run.sum, '1 passed, 0 failed')
      assert.match(run.output, /^- old: compiled from a source that is gone, ignored$/m)
    },
  ],
  [
    'fails on a source that is not compiled',
    () => {
      const run = runOn({ ...tests({ a: good }), 'src/new.test.ts': '' })
      assert.equal(run.sum, '1 passed, 1 failed')
      assert.match(run.output, /^✘ new: is not compiled$/m)
    },
  ],
  [
    'says loudly what was skipped and why',
    () => {
      const skips = `${tables}skipTable('in a browser', [['a', () => {}], ['b', () => {}]], 'no browser here')`
      const run = runOn(tests({ a: skips, b: good }))
      assert.match(run.output, /^SKIPPED 2 rows of in a browser \(a\): no browser here$/m)
      assert.equal(run.sum, '1 passed, 0 failed, 2 skipped')
    },
  ],
])
