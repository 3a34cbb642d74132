/** Completion, in the shells themselves where they are installed. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { openPlace } from '../support/command.js'
import { type Row, skipTable, table } from '../support/table.js'

const place = openPlace({ 'shop.cors.yaml': '', 'a b.cors.yaml': '' })
for (const shell of ['bash', 'zsh', 'fish'])
  place.write(`completion.${shell}`, (await place.run(`completion ${shell}`)).out)

/** What bash offers for the last word. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `source completion.bash
    COMP_WORDS=(safeconduct "$@"); COMP_CWORD=$#
    _safeconduct; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script, 'bash', ...words], {
    cwd: place.folder,
    encoding: 'utf8',
  })
  assert.deepEqual([stderr, status], ['', 0])
  return stdout.split('\n').filter((line) => line !== '')
}

function offers(words: string, expected: readonly string[]): Row {
  return [
    `safeconduct ${words}… offers ${expected.join(', ') || 'files'}`,
    () => assert.deepEqual(offered(...words.split(' ')), expected),
  ]
}

table('completion in bash', [
  offers('c', ['check', 'compare', 'completion']),
  offers('--v', ['--version']),
  offers('check --f', ['--fix', '--fail-on', '--format']),
  offers('check --fail-on ', ['error', 'warning', 'info']),
  offers('compare --format m', ['markdown']),
  offers('explain --fold d', ['duplicate-slashes']),
  offers('schema ', ['policy', 'suite', 'report']),
  offers('completion z', ['zsh']),
  offers('help exp', ['explain']),
  // Left to the shell, which knows how to quote them.
  offers('check ', []),
  offers('compare --base ', []),
  [
    'a shell that completes asks the function, and files are the shell’s',
    () => {
      const { stdout } = spawnSync('bash', ['--norc', '-c', 'source completion.bash; complete -p safeconduct'], {
        cwd: place.folder,
        encoding: 'utf8',
      })
      assert.equal(stdout, 'complete -o bashdefault -o default -F _safeconduct safeconduct\n')
    },
  ],
])

function isThere(shell: string): boolean {
  return spawnSync(shell, ['--version']).status === 0
}

const zsh: Row[] = [
  [
    'the script is read by zsh, whose emulation completes by the same function',
    () => {
      const script =
        'source completion.zsh; emulate sh; COMP_WORDS=(safeconduct ch); COMP_CWORD=1; _safeconduct; print -l $COMPREPLY'
      const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { cwd: place.folder, encoding: 'utf8' })
      assert.deepEqual([stdout, stderr], ['check\n', ''])
    },
  ],
]
const fish: Row[] = [
  [
    'fish offers verbs, options and their values',
    () => {
      const asked = (line: string): string[] => {
        const script = `source completion.fish; complete --do-complete '${line}'`
        return spawnSync('fish', ['--no-config', '-c', script], { cwd: place.folder, encoding: 'utf8' })
          .stdout.split('\n')
          .map((each) => each.split('\t')[0] ?? '')
      }
      assert.ok(asked('safeconduct com').includes('compare'))
      assert.ok(asked('safeconduct compare --fail').includes('--fail-on'))
      assert.ok(asked('safeconduct compare --fail-on ').includes('broader'))
    },
  ],
]

if (isThere('zsh')) table('completion in zsh', zsh)
else skipTable('completion in zsh', zsh, 'zsh is not installed')
if (isThere('fish')) table('completion in fish', fish)
else skipTable('completion in fish', fish, 'fish is not installed')

table(
  'completion',
  [['of a shell that is none is no use', async () => assert.equal((await place.run('completion csh')).code, 2)]],
  { after: () => place.close() },
)
