/** The program as a process: its exit code, its streams, its colours, its line while it is at work. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { wantsColour } from '../../../packages/cli/dist/colour.js'
import { openPlace } from '../support/command.js'
import { shopBefore } from '../support/example-policies.js'
import { root } from '../support/sources.js'
import { type Row, skipTable, table } from '../support/table.js'

const place = openPlace({
  'shop.cors.yaml': shopBefore,
  'bad.cors.yaml': shopBefore.replace('[GET, POST]', '[get]'),
  'request.txt': "curl -H 'Origin: https://shop.example.com' https://api.example.com/api/orders\n",
})
const program = join(root, 'packages/cli/bin/safeconduct.js')

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Ended {
  const options = { cwd: place.folder, encoding: 'utf8', input, env: { PATH: process.env.PATH ?? '', ...env } } as const
  return spawnSync(process.execPath, [program, ...args], options)
}

/** A line of bash in which `safeconduct` is the program. */
function bash(script: string): Ended {
  const text = `safeconduct() { "${process.execPath}" "${program}" "$@"; }\n${script}`
  return spawnSync('bash', ['-c', text], { cwd: place.folder, encoding: 'utf8' })
}

table('the program', [
  ['clean: 0', () => assert.equal(started(['check', 'shop.cors.yaml']).status, 0)],
  ['could not run: 1', () => assert.equal(started(['check', 'nowhere.yaml']).status, 1)],
  ['usage: 2', () => assert.equal(started(['check', '--nonsense']).status, 2)],
  ['findings: 3', () => assert.equal(started(['check', 'bad.cors.yaml']).status, 3)],
  [
    'what it found goes to standard output, why it could not run to standard error',
    () => {
      const found = started(['check', 'bad.cors.yaml'])
      const failed = started(['check', 'nowhere.yaml'])
      assert.deepEqual([found.stderr, failed.stdout], ['', ''])
      assert.ok(found.stdout !== '' && failed.stderr !== '')
    },
  ],
  [
    'it reads a paste from standard input',
    () => {
      const { status, stdout } = bash('safeconduct explain shop.cors.yaml --paste - < request.txt')
      assert.equal(status, 0)
      assert.match(stdout, /^GET \/api\/orders from https:\/\/shop\.example\.com: allowed\n/)
    },
  ],
  [
    'a pipe has no colour, FORCE_COLOR brings it, NO_COLOR takes it away',
    () => {
      const coloured = (env: Readonly<Record<string, string>>): boolean =>
        started(['check', 'bad.cors.yaml'], env).stdout.includes('\u001b[')
      assert.deepEqual([{}, { FORCE_COLOR: '1' }, { NO_COLOR: '1' }, { FORCE_COLOR: '0' }].map(coloured), [
        false,
        true,
        false,
        false,
      ])
    },
  ],
  [
    'a reader that has seen enough is no fault: no complaint, the same exit code',
    () => {
      const { stdout, stderr } = bash(
        'safeconduct schema report | head -c 3; echo ":$PIPESTATUS"; safeconduct check bad.cors.yaml | true; echo "$PIPESTATUS"',
      )
      assert.deepEqual([stdout, stderr], ['{\n :0\n3\n', ''])
    },
  ],
  [
    'node_modules/.bin has it',
    () =>
      assert.match(
        execFileSync(join(root, 'node_modules/.bin/safeconduct'), ['--version'], { encoding: 'utf8' }),
        /^\d+\.\d+\.\d+\n$/,
      ),
  ],
])

type Env = Parameters<typeof wantsColour>[0]

table(
  'colour',
  (
    [
      ['on a terminal', {}, true, true],
      ['in a pipe', {}, false, false],
      ['on a terminal that cannot', { TERM: 'dumb' }, true, false],
      ['with NO_COLOR', { NO_COLOR: '1' }, true, false],
      ['with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
      ['with FORCE_COLOR in a pipe', { FORCE_COLOR: '' }, false, true],
      ['with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
      ['with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
      ['with both', { FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    ] as const satisfies readonly (readonly [string, Env, boolean, boolean])[]
  ).map(
    ([sentence, env, isTerminal, wanted]): Row => [
      `${sentence}: ${wanted ? 'yes' : 'no'}`,
      () => assert.equal(wantsColour(env, isTerminal), wanted),
    ],
  ),
)

const working = `
  import { withProgress } from '${join(root, 'packages/cli/dist/progress.js')}'
  import { showProgress } from '${join(root, 'packages/cli/dist/progress.js')}'
  const busy = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  await withProgress('compare', { progress: showProgress }, async () => busy(Number(process.argv[1])))
  process.stderr.write('done')
`

function workedFor(milliseconds: number): string {
  const args = ['--input-type=module', '--eval', working, String(milliseconds)]
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stderr
}

table('the progress line', [
  ['is not drawn for short work', () => assert.equal(workedFor(100), 'done')],
  [
    'is drawn while work that never yields goes on, and is gone afterwards',
    () => assert.match(workedFor(1700), /^\rsafeconduct compare: 1 s…(\rsafeconduct compare: 2 s…)?\r\u001b\[2Kdone$/),
  ],
  ['is not drawn into a pipe', () => assert.equal(started(['check', 'shop.cors.yaml']).stderr, '')],
])

const onTerminal: Row[] = [
  [
    'a terminal has colours and code frames',
    () => {
      const command = `'${process.execPath}' '${program}' check bad.cors.yaml`
      const env = { PATH: process.env.PATH ?? '', TERM: 'xterm' }
      const { stdout } = spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
        cwd: place.folder,
        encoding: 'utf8',
        env,
      })
      assert.match(stdout, /\u001b\[31merror\u001b\[39m/)
      assert.match(stdout, /\r\n> 10 \| {9}methods: \[get\]\r\n/)
    },
  ],
]
if (spawnSync('script', ['--version']).status === 0) table('on a terminal', onTerminal, { after: () => place.close() })
else skipTable('on a terminal', onTerminal, 'there is no program `script` to make a terminal')
