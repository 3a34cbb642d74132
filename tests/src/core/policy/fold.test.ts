/** What a router that folds paths makes of a path glob. */
import assert from 'node:assert/strict'
import { stepText } from '../../../../packages/core/dist/pattern/glob.js'
import { type PathPattern, parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import { foldPattern, foldRulePattern } from '../../../../packages/core/dist/policy/fold.js'
import { canonicalPath, type RouterOptions } from '../../../../packages/core/dist/web/path.js'
import { type Row, table } from '../../support/table.js'

function folded(glob: string, router: RouterOptions): string[] {
  const pattern = parsePathPattern(glob)
  if ('fault' in pattern) throw new Error(`${glob}: ${pattern.fault}`)
  const { text, language } = foldPattern(router)(pattern)
  assert.equal(text, glob)
  return language.map((sequence) => `/${sequence.map(stepText).join('/')}`)
}

/** A glob without wildcards comes to what the router makes of the path of the same text. */
function folds(router: RouterOptions, rows: readonly (readonly [glob: string, ...folded: string[]])[]): Row[] {
  return rows.map(([glob, ...expected]) => [
    `${glob} is ${expected.join(' and ')} under ${Object.keys(router).join(', ') || 'no fold'}`,
    () => {
      assert.deepEqual(folded(glob, router), expected)
      if (!/[*{]/.test(glob)) assert.deepEqual(expected, [canonicalPath(glob, router)])
    },
  ])
}

const semicolons: RouterOptions = { useSemicolonDelimiter: true }
const caseless: RouterOptions = { caseSensitive: false }
const trailing: RouterOptions = { ignoreTrailingSlash: true }
const doubled: RouterOptions = { ignoreDuplicateSlashes: true }

table('folded globs', [
  ...folds({}, [
    ['/A//b/;c/', '/A//b/;c/'],
    ['/{A,a}', '/A', '/a'],
  ]),
  ...folds(
    { caseSensitive: true, ignoreTrailingSlash: false, ignoreDuplicateSlashes: false, useSemicolonDelimiter: false },
    [['/A//b;c/', '/A//b;c/']],
  ),
  ...folds(caseless, [
    ['/Api/Orders', '/api/orders'],
    ['/Api/*', '/api/*'],
    ['/Api/**', '/api/**'],
    ['/PR-*', '/pr-*'],
    ['/*.JSON', '/*.json'],
    ['/{A,a}/b', '/a/b'],
    ['/Ä', '/ä'],
    ['/a%2FB', '/a%2Fb'],
    ['/%2F%3AX', '/%2F%3Ax'],
    ['/%2541', '/%2541'],
    ['/A%252FB*', '/a%252fb*'],
    // A capital sigma at the end of a word and within one; what is beside a star may be either.
    ['/ΑΣ/ΣΑ', '/ας/σα'],
    ['/ΑΣ*', '/ας*', '/ασ*'],
    ['/*Σ', '/*σ', '/*ς'],
    [`/${'ΑΣ*/'.repeat(7)}a`, `/${'*/'.repeat(7)}a`],
  ]),
  ...folds(trailing, [
    ['/', '/'],
    ['/a', '/a'],
    ['/a/', '/a'],
    ['/a//', '/a/'],
    ['/a/*/', '/a/*'],
    ['/a/**', '/a/**'],
    ['/a/**/', '/a/**'],
    ['/**/', '/**'],
    ['/{a,b}/', '/a', '/b'],
  ]),
  ...folds(doubled, [
    ['/', '/'],
    ['//', '/'],
    ['//a', '/a'],
    ['/a//b', '/a/b'],
    ['/a///b//', '/a/b/'],
    ['/a/**', '/a/**'],
    // Without what is above the slashes.
    ['/a//**', '/a/', '/a/*/**'],
    ['/a///**', '/a/', '/a/*/**'],
    ['//**', '/', '/*/**'],
    ['/a//**/b', '/a/**/b'],
    ['/*//*', '/*/*'],
  ]),
  ...folds(semicolons, [
    ['/a;b', '/a'],
    ['/a;b/c', '/a'],
    ['/;a', '/'],
    ['/a/;b', '/a/'],
    ['/a*;b', '/a*'],
    ['/*;b', '/*'],
    ['/a;*', '/a'],
    ['/**/a;b/**', '/**/a'],
    ['/{a;b,a;c}/d', '/a'],
    ['/a%3Bb', '/a%3Bb'],
  ]),
  ...folds({ ...doubled, ...semicolons }, [
    ['/a;b//**', '/a'],
    ['/a//b;c//**', '/a/b'],
    ['/a//;b/**', '/a/'],
  ]),
  ...folds({ ...caseless, ...trailing, ...doubled, ...semicolons }, [
    ['/A//B/;c', '/a/b'],
    ['//', '/'],
    ['/A/**//', '/a/**'],
    ['/A//**', '/a/**'],
  ]),
])

table('the globs of rules', [
  [
    'are refused where they would have to get wider, and are folded alike where not',
    () => {
      const pattern = (glob: string): PathPattern => {
        const parsed = parsePathPattern(glob)
        return 'fault' in parsed ? assert.fail(glob) : parsed
      }
      const texts = ({ language }: PathPattern): string[] => language.map((steps) => steps.map(stepText).join('/'))
      assert.throws(() => foldRulePattern(caseless)(pattern(`/${'ΑΣ*/'.repeat(7)}a`)), {
        name: 'PolicyError',
        message: /pattern-too-complex: .* has more than 64 alternatives where the router ignores case; split it/,
      })
      for (const glob of [`/${'ΑΣ*/'.repeat(6)}a`, '/Orders/*'])
        assert.deepEqual(texts(foldRulePattern(caseless)(pattern(glob))), texts(foldPattern(caseless)(pattern(glob))))
    },
  ],
])
