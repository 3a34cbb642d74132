/** The examples of docs/cli.md are run in their order, and say what is printed; the workflow and the hooks do their work. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { openPlace, type Place } from '../support/command.js'
import { consoleRow, nameOf } from '../support/console-block.js'
import { parsePage } from '../support/page.js'
import { read, root } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const file = 'docs/cli.md'
const { blocks } = parsePage(file, read(file))
const place = openPlace()

/** In the order of the page: a file is there once it was printed. */
const rows = blocks.flatMap((block): Row[] => {
  const name = nameOf(block)
  if (block.language === 'console') return [consoleRow(place, block)]
  if (name === undefined || !/\.cors\.|^copied\.txt$/.test(name)) return []
  return [[`${file}:${block.line} ${name} is written`, () => place.write(name, `${block.text}\n`)]]
})

table('the examples of the command line', rows, { after: () => place.close() })

function textOf(name: string): string {
  return `${blocks.find((block) => nameOf(block) === name)?.text ?? assert.fail(`${name} is not printed`)}\n`
}

/** A repository with the page's policy and suite on main, pushed to origin, and packages as an installation leaves them. */
function openRepository(): Place {
  const repository = openPlace({
    'shop.cors.yaml': textOf('shop.cors.yaml'),
    'shop.cors.test.yaml': textOf('shop.cors.test.yaml'),
    'package.json': '{ "private": true }',
    '.gitignore': 'node_modules\nbin\norigin\ncomparison.md\n',
    'bin/gh': '#!/bin/sh\necho "$@" >> "$GITHUB_STEP_SUMMARY.gh"\n',
    'bin/npm': '#!/bin/sh\n[ "$1" = ci ]\n',
    // As npx does for what is installed, in a tenth of its time.
    'bin/npx': '#!/bin/sh\n[ "$1" = --no-install ] && shift\nname=$1\nshift\nexec "node_modules/.bin/$name" "$@"\n',
  })
  symlinkSync(join(root, 'node_modules'), join(repository.folder, 'node_modules'))
  for (const program of ['gh', 'npm', 'npx']) chmodSync(join(repository.folder, 'bin', program), 0o755)
  const git = gitIn(repository)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('commit', '--quiet', '-m', 'before')
  git('init', '--quiet', '--bare', 'origin')
  git('remote', 'add', 'origin', 'origin')
  git('push', '--quiet', 'origin', 'main')
  return repository
}

function envOf({ folder }: Place): Record<string, string> {
  return { PATH: `${folder}/bin:${process.env.PATH}`, HOME: folder, npm_config_offline: 'true' }
}

function gitIn(repository: Place): (...args: readonly string[]) => void {
  const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.com', '-c', 'commit.gpgsign=false']
  return (...args) => {
    execFileSync('git', [...who, ...args], { cwd: repository.folder, stdio: 'pipe', env: envOf(repository) })
  }
}

const widened = textOf('new.cors.yaml')
  .replace('rules:', 'invariants: []\nrules:')
  .replace('{ origins: [https://shop.example.com], methods: [GET] }', "{ origins: ['*'], methods: [GET] }")

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly env: Readonly<Record<string, string>> }>
  >
}

/** What the runner puts in for an expression. */
function expanded(text: string): string {
  const values: Readonly<Record<string, string>> = {
    'github.base_ref': 'main',
    'github.event.number': '7',
    'github.token': 'secret',
  }
  return text.replace(
    /\$\{\{ ([\w.]+) \}\}/g,
    (_, name: string) => values[name] ?? assert.fail(`unknown expression ${name}`),
  )
}

/** The steps that ran, each with its outcome, until one failed. */
function runWorkflow(repository: Place): readonly string[] {
  const { jobs } = parse(textOf('.github/workflows/cors.yaml')) as Workflow
  const summary = join(repository.folder, 'comparison.summary')
  const outcomes: string[] = []
  for (const { steps, env } of Object.values(jobs)) {
    for (const { name, run, env: own = {} } of steps.filter((step) => step.run !== undefined)) {
      const variables = Object.entries({ ...env, ...own }).map(([key, value]) => [key, expanded(value)] as const)
      const { status } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', expanded(run ?? '')], {
        cwd: repository.folder,
        encoding: 'utf8',
        env: { ...envOf(repository), ...Object.fromEntries(variables), GITHUB_STEP_SUMMARY: summary },
      })
      outcomes.push(`${name ?? run}: ${status}`)
      if (status !== 0) return outcomes
    }
  }
  return outcomes
}

const repository = openRepository()

table(
  'the workflow and the hooks of the page',
  [
    [
      'the workflow passes where nothing changes, and tells so',
      () => {
        const steps = ['npm ci', 'Check', 'Test', 'Tell who gains what', 'Allowing more needs the label cors-broader']
        assert.deepEqual(
          runWorkflow(repository),
          steps.map((step) => `${step}: 0`),
        )
        assert.match(repository.read('comparison.summary'), /^### ✅ CORS policy: nothing changes for any request\n/)
        assert.equal(repository.read('comparison.summary.gh'), 'pr comment 7 --body-file comparison.md\n')
      },
    ],
    [
      'it tells who gains what, and fails where the policy allows more',
      () => {
        repository.write('shop.cors.yaml', widened)
        assert.deepEqual(runWorkflow(repository).slice(-2), [
          'Tell who gains what: 0',
          'Allowing more needs the label cors-broader: 3',
        ])
        assert.match(
          repository.read('comparison.summary'),
          /\n\| \*\*any other website\*\* \| use `GET`, without credentials \| `\/api\/orders\/\*\*`/,
        )
      },
    ],
    [
      'the hook lets a sound policy be committed, and no other',
      () => {
        const git = gitIn(repository)
        repository.write('.git/hooks/pre-commit', textOf('.git/hooks/pre-commit'))
        chmodSync(join(repository.folder, '.git/hooks/pre-commit'), 0o755)
        git('commit', '--quiet', '--all', '-m', 'wider')
        repository.write('shop.cors.yaml', widened.replace('[GET, POST]', '[GET]'))
        assert.throws(() => git('commit', '--quiet', '--all', '-m', 'fails a test'), /who writes orders/)
        repository.write('shop.cors.yaml', widened.replace('[GET, POST]', '[get]'))
        assert.throws(() => git('commit', '--quiet', '--all', '-m', 'does not load'), /method-case/)
      },
    ],
    [
      'the hook of pre-commit is given policies, and its command takes them',
      () => {
        const { repos } = parse(textOf('.pre-commit-config.yaml')) as {
          repos: { hooks: { entry: string; files: string }[] }[]
        }
        const { entry = '', files = '' } = repos[0]?.hooks[0] ?? {}
        const names = ['shop.cors.yaml', 'a/b.cors.json', 'shop.cors.test.yaml', 'shop.yaml', 'x.cors.yaml.orig']
        assert.deepEqual(
          names.filter((name) => new RegExp(files).test(name)),
          names.slice(0, 2),
        )
        repository.write('shop.cors.yaml', widened)
        const options = { cwd: repository.folder, encoding: 'utf8', env: envOf(repository) } as const
        assert.equal(spawnSync('sh', ['-c', `${entry} shop.cors.yaml`], options).stdout, '1 file: nothing to report\n')
      },
    ],
  ],
  { after: () => repository.close() },
)

/** The first cells of the table that begins with this. */
function cells(page: string, head: string): readonly string[] {
  const lines = page.slice(page.indexOf(head)).split('\n\n')[0]?.split('\n').slice(2) ?? []
  return lines.flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
}

const page = read(file)

table('the tables of the page', [
  [
    'name every command, and every format',
    async () => {
      const help = openPlace()
      const { out } = await help.run('--help')
      const verbs = [...out.matchAll(/^ {2}([a-z]+) \[?/gm)].map(([, verb]) => verb).filter((verb) => verb !== 'help')
      assert.deepEqual([...cells(page, '| command |')].sort(), verbs.sort())
      const { err } = await help.run('check --format x')
      const [, formats = ''] = /Allowed choices are ([\w, ]+)\./.exec(err) ?? []
      assert.deepEqual([...cells(page, '| `--format` |')].sort(), formats.split(', ').sort())
      help.close()
    },
  ],
  [
    'name every code that is of the command line alone',
    () => {
      const sources = ['commands/compare', 'commands/test', 'merge', 'suite-file']
        .map((name) => read(`packages/cli/src/${name}.ts`))
        .join('\n')
      const codes = [...sources.matchAll(/code: ['`]([a-z-]+)['`$]/g)].map(([, code]) => code)
      const named = cells(page, '| code | of |')
      assert.deepEqual(
        codes.filter((code) => !named.some((each) => each.startsWith(code ?? '?'))),
        [],
      )
      assert.equal(named.length, 7)
    },
  ],
])
