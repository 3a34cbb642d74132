/**
 * Every code has a page, whose policies do what the page says, and a line in examples/worst-policy.json, which fires
 * every code that can stand beside others.
 */
import assert from 'node:assert/strict'
import { posix } from 'node:path'
import { diagnosticCodes } from '@safeconduct/core'
import { judge, textCodes } from '../support/judge.js'
import { parsePage } from '../support/page.js'
import { exists, filesIn, importsOf, read } from '../support/sources.js'
import { type Row, table } from '../support/table.js'

const codes: readonly string[] = diagnosticCodes

/**
 * These need a text of their own, since nothing else is told of it, or it is no policy: `examples/worst` has one for each,
 * and `worst-policy.test.ts` judges it. That of text-too-large takes 4 MiB.
 */
const alone = new Set(['text-too-large', ...filesIn('examples/worst').map((file) => posix.parse(file).name)])

const dataLanguages = ['json', 'jsonc', 'yaml']

function pageRows(code: string): Row[] {
  const file = `docs/diagnostics/${code}.md`
  const page = exists(file) ? parsePage(file, read(file)) : { headings: [], blocks: [] }
  const blocks = page.blocks.filter(
    ({ language, words }) => dataLanguages.includes(language) && !words.includes('no-run'),
  )
  const under = (heading: string) => blocks.filter((block) => block.heading === heading)
  const firesIn = (text: string, language: string) => judge(text, language).some((d) => d.code === code)
  return [
    [
      `${code} has a page with Avoid, Prefer and Why`,
      () => assert.deepEqual(page.headings, [code, 'Avoid', 'Prefer', 'Why'], file),
    ],
    [
      `${code} is fired by what its page avoids, and not by what it prefers`,
      () => {
        assert.ok(code === 'text-too-large' || under('Avoid').length > 0, 'nothing to avoid is printed')
        for (const { line, text, language } of under('Avoid')) {
          assert.ok(firesIn(text, language), `${file}:${line} does not fire ${code}`)
        }
        for (const { line, text, language } of under('Prefer')) {
          const errors = judge(text, language).filter((d) => d.severity === 'error' || d.code === code)
          assert.deepEqual(
            errors.map((d) => d.message),
            [],
            `${file}:${line}`,
          )
        }
      },
    ],
  ]
}

const worst = 'examples/worst-policy.json'

/** The text door refuses it; a reader that keeps the last of two equal keys hands the rest to the other doors. */
function firedByWorst(): ReadonlySet<string> {
  return new Set(judge(read(worst), 'json').map(({ code }) => code))
}

table('the codes', [
  ['there are codes', () => assert.ok(codes.length >= 30, `${codes.length}`)],
  [
    'a code is a few words in kebab-case',
    () =>
      assert.deepEqual(
        codes.filter((code) => !/^[a-z]+(-[a-z]+)*$/.test(code)),
        [],
      ),
  ],
  [
    'every page is of a code',
    () => {
      const pages = filesIn('docs/diagnostics', '.md').map((file) =>
        file.slice('docs/diagnostics/'.length, -'.md'.length),
      )
      assert.deepEqual(
        pages.filter((page) => page !== 'README' && !codes.includes(page)),
        [],
      )
    },
  ],
  [
    'the index leads to every page',
    () => {
      const { links } = parsePage('README.md', read('docs/diagnostics/README.md'))
      assert.deepEqual(
        codes.filter((code) => !links.includes(`${code}.md`)),
        [],
      )
    },
  ],
  [
    'a code of the text is a code',
    () =>
      assert.deepEqual(
        textCodes.filter((code) => !codes.includes(code)),
        [],
      ),
  ],
  [
    'only diagnose() makes a diagnostic',
    () => {
      const makers = filesIn('packages/core/src', '.ts').filter((file) =>
        importsOf(read(file)).some(({ specifier }) => specifier.endsWith('/sentences.js')),
      )
      assert.deepEqual(makers, ['packages/core/src/diagnostic.ts'])
    },
  ],
  [
    'text-too-large is fired by more than 4 MiB, and nothing else is',
    () =>
      assert.deepEqual(
        judge(`${' '.repeat(4 * 1024 * 1024)}{}`, 'json').map((d) => d.code),
        ['text-too-large'],
      ),
  ],
])

table(
  'the worst policy',
  codes
    .filter((code) => !alone.has(code))
    .map((code): Row => [`fires ${code}`, () => assert.ok(firedByWorst().has(code), `${worst} does not fire it`)]),
)

table('the pages of the codes', codes.flatMap(pageRows))
