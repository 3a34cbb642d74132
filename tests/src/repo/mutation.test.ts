/** That the mutation runner tells a mutant that is killed from one that is not, and that its page is up to date. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { read, root } from '../support/sources.js'
import { table } from '../support/table.js'

/** `sum` is tested but at its edge; `spin` does not end where its condition is turned; nothing comes to `idle`. */
const source = `export function isFull(n: number): boolean {
  return n > 10
}
export function spin(): number {
  let i = 0
  while (i < 3) i++
  return i
}
export const limit = 7
export function idle(): string {
  return 'idle'
}
`

const test = `import assert from 'node:assert/strict'
import { isFull, limit, spin } from '../../../packages/p/dist/x.js'
import { table } from '../support/table.js'
table('a table', [
  ['full', () => assert.deepEqual([isFull(5), isFull(15)], [false, true])],
  ['spins', () => assert.equal(spin(), 3)],
  ['limit', () => assert.equal(limit, 7)],
])
`

const project = mkdtempSync(join(tmpdir(), 'safeconduct-mutation-'))
const known = [
  {
    file: 'packages/p/src/x.ts',
    kind: 'equivalent',
    reason: 'a reason',
    changes: [['n > 10', 'n >= 10']],
  },
]

for (const [file, text] of [
  ['package.json', '{ "type": "module" }'],
  ['packages/p/src/x.ts', source],
  ['tests/src/p/x.test.ts', ''],
  ['tests/dist/p/x.test.js', test],
  ['tests/dist/support/table.js', ''],
  ['known.json', JSON.stringify(known)],
] as const) {
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), text)
}

function mutate(...options: readonly string[]) {
  const args = ['mutation/run.mjs', '--root', project, '--file', 'p/src/', '--tests', '/p/', ...options]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: project },
    timeout: 120_000,
  })
  return { lines: `${stdout}${stderr}`.trim().split('\n'), status }
}

table(
  'the mutation runner',
  [
    [
      'finds a planted survivor, kills a planted kill, and tells apart what does not end and what no test reaches',
      () => {
        const { lines, status } = mutate('--known', join(project, 'none.json'))
        const about = lines.join('\n')
        assert.ok(lines.includes('packages/p/src/x.ts:2 survived EqualityOperator: n > 10 → n >= 10'), about)
        assert.ok(
          lines.some((line) => line.includes("unreached StringLiteral: 'idle'")),
          about,
        )
        assert.doesNotMatch(about, /n > 10 → n <= 10|i < 3/)
        const [, all, killed, late] = /(\d+) mutants, (\d+) killed, (\d+) timed out/.exec(about) ?? []
        assert.ok(Number(late) >= 1 && Number(killed) >= 5 && Number(all) === Number(killed) + Number(late) + 3, about)
        assert.equal(status, 1)
      },
    ],
    [
      'goes on from what it found, and does not count what is known to be equivalent',
      () => {
        const { lines } = mutate('--known', join(project, 'known.json'))
        const about = lines.join('\n')
        assert.doesNotMatch(about, /mutants to try/)
        assert.match(about, /n >= 10 \[equivalent: a reason\]/)
        assert.match(about, /1 survived, 2 unreached, 1 of these equivalent/)
      },
    ],
    [
      'has a page of the mutants that no test kills',
      () => {
        const { stdout } = spawnSync(process.execPath, ['mutation/page.mjs'], { cwd: root, encoding: 'utf8' })
        assert.equal(read('docs/mutants.md'), stdout)
      },
    ],
    [
      'has a reason for each of them, and the change is one to a text that is there',
      () => {
        const entries: { file: string; kind: string; reason: string; changes: [string, string][] }[] = JSON.parse(
          read('mutation/known.json'),
        )
        for (const { file, kind, reason, changes } of entries) {
          assert.ok(['equivalent', 'survivor'].includes(kind) && reason.length > 10 && changes.length > 0, reason)
          for (const [from] of changes) assert.ok(read(file).includes(from), `${file}: ${from}`)
        }
      },
    ],
  ],
  { after: () => rmSync(project, { recursive: true }) },
)
