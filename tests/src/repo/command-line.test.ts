/** The command lines of the project's own tools, by one that is nothing else. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { table } from '../support/table.js'

const module = new URL('../../../scripts/command-line.mjs', import.meta.url)

const tool = `/**
 * node tool.mjs [--size N]
 *
 * Says the size.
 */
import { commandLine } from ${JSON.stringify(module)}
console.log('size', commandLine(import.meta.url, { size: { type: 'string', default: '1' } }).size)
`

const about = 'node tool.mjs [--size N]\n\nSays the size.\n'

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-tool-'))
  try {
    writeFileSync(join(folder, 'tool.mjs'), tool)
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'tool.mjs'), ...args], {
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

table("a tool of the project's own", [
  ['takes what it is given', () => assert.deepEqual(run('--size', '2'), { status: 0, stdout: 'size 2\n', stderr: '' })],
  ['says what it is about', () => assert.deepEqual(run('--help'), { status: 0, stdout: about, stderr: '' })],
  [
    'says what it does not take',
    () => {
      const { status, stdout, stderr } = run('--length=3')
      assert.deepEqual([status, stdout], [2, ''])
      assert.match(stderr, /^Unknown option '--length'/)
      assert.ok(stderr.endsWith(about), stderr)
    },
  ],
])
