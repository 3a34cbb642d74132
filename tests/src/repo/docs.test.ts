/**
 * What the pages of this repository print is true: code is compiled and run, policies pass the check, commands exist,
 * links lead somewhere. A block that cannot be run says `no-run` after its language.
 */
import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { diagnosticLine } from '@safeconduct/core'
import { judge } from '../support/judge.js'
import { anchor, type Block, parsePage } from '../support/page.js'
import { exists, filesIn, read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'
import { closeWorkshop, isCode, openWorkshop, perform } from '../support/workshop.js'

const files = filesIn('.', '.md')
const pages = new Map(files.map((file) => [file, parsePage(file, read(file))]))
const blocks = [...pages.values()].flatMap((page) => page.blocks)
const run = blocks.filter(({ words }) => !words.includes('no-run'))
/** Shown, never run: what a program prints, what is on the wire, a difference, a picture. */
const shown = ['text', 'console', 'http', 'diff', 'mermaid']
const mostNoRun = 3

const at = (block: Block): string => `${block.page}:${block.line}`

function policyRow(block: Block): Row {
  return [
    `${at(block)} ${block.language} is read, and has no error where it is a policy or a part of one`,
    () => {
      const errors = judge(block.text, block.language).filter(({ severity }) => severity === 'error')
      assert.deepEqual(errors.map(diagnosticLine), [])
    },
  ]
}

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
const manifests = filesIn('.', 'package.json').map((file) => JSON.parse(read(file)))
const packages = new Set(
  manifests.flatMap((m) => [
    m.name,
    ...Object.keys({ ...m.dependencies, ...m.devDependencies, ...m.peerDependencies }),
  ]),
)

/** A command of a shell block, without a prompt, a comment and what is piped on: why it cannot be typed, if so. */
function faultOf(command: string): string | undefined {
  const [program = '', ...args] = command.split(/\s+/)
  const words = args.filter((arg) => !arg.startsWith('-'))
  const [first = '', second = ''] = words
  const wanted = (condition: boolean, why: string) => (condition ? undefined : why)
  switch (program) {
    case 'git':
    case 'cd':
    case 'curl':
      return undefined
    case 'npm':
      if (first === 'run') return wanted(Object.hasOwn(scripts, second), `there is no script ${second}`)
      if (first === 'test') return undefined
      if (first === 'install' || first === 'i' || first === 'add') {
        return words
          .slice(1)
          .map((name) => wanted(packages.has(name), `unknown package ${name}`))
          .find((why) => why)
      }
      return `npm ${first}?`
    case 'npx':
      return wanted(exists(`node_modules/.bin/${first}`) || /^pnpm@[\d.]+$/.test(first), `${first} is not installed`)
    case 'node':
      return wanted(exists(first), `${first} is not there`)
    default:
      return wanted(program.includes('/') && exists(program), `${program}: which command is that?`)
  }
}

function shellRow(block: Block): Row {
  return [
    `${at(block)} sh has only commands that exist`,
    () => {
      const commands = block.text
        .replace(/\\\n/g, ' ')
        .split(/\n|&&|\|/)
        .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
        .filter((line) => line !== '')
      assert.ok(commands.length > 0, 'no command')
      assert.deepEqual(
        commands.flatMap((command) => faultOf(command) ?? []),
        [],
      )
    },
  ]
}

const of = (...languages: readonly string[]): Block[] => run.filter(({ language }) => languages.includes(language))

table('the pages', [
  [
    'README, CONTRIBUTING and docs/policy.md are there',
    () => {
      for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/policy.md', 'docs/architecture.md'])
        assert.ok(exists(page), page)
    },
  ],
  [
    'every block names a language that is run, checked or known as shown only',
    () => {
      const known = ['ts', 'js', 'sh', 'json', 'jsonc', 'yaml', ...shown]
      assert.deepEqual(blocks.filter(({ language }) => !known.includes(language)).map(at), [])
    },
  ],
  [
    `at most ${mostNoRun} blocks are printed and not run`,
    () => assert.ok(blocks.length - run.length <= mostNoRun, `${blocks.filter((b) => !run.includes(b)).map(at)}`),
  ],
  [
    'README names both commands',
    () => {
      const commands = parsePage('README.md', read('README.md')).blocks.filter(({ language }) => language === 'sh')
      const lines = commands.flatMap(({ text }) => text.split('\n').map((line) => line.replace(/#.*/, '').trim()))
      assert.ok(lines.includes('npm run demo') && lines.includes('npm test'), lines.join('; '))
    },
  ],
  [
    'every relative link leads to a file, and to a heading of it',
    () => {
      const broken = [...pages].flatMap(([file, { links }]) =>
        links
          .filter((link) => !/^[a-z]+:/.test(link))
          .filter((link) => {
            const [path = '', fragment] = link.split('#')
            const target = path === '' ? file : posix.join(posix.dirname(file), path)
            if (!exists(target)) return true
            if (fragment === undefined) return false
            const { headings } = pages.get(target) ?? parsePage(target, read(target))
            return !headings.map(anchor).includes(fragment)
          })
          .map((link) => `${file}: ${link}`),
      )
      assert.deepEqual(broken, [])
    },
  ],
])

/** A block that names a file names a policy or a suite by its convention; what else it may be is for a test of its page. */
function isPolicy({ page, words }: Block): boolean {
  const name = words.find((word) => word.includes('.'))
  return !page.startsWith('docs/diagnostics/') && (name === undefined || name.includes('.cors.'))
}

const data = of('json', 'jsonc', 'yaml').filter(isPolicy)
if (data.length > 0) table('the policies of the pages', data.map(policyRow))
table('the commands of the pages', of('sh').map(shellRow))

const workshop = openWorkshop(run.filter((block) => isCode(block) || block.words.length > 0))
table(
  'the code of the pages',
  [
    ['all of it compiles', () => assert.equal(workshop.complaints, '')],
    ...workshop.programs.map(
      (program): Row => [`${program.page}:${program.line} runs`, () => perform(workshop, program)],
    ),
  ],
  { after: () => closeWorkshop(workshop) },
)
