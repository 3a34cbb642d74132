/** A policy held against a router: which rules some paths meet, and the same policy where the router folds paths. */
import assert from 'node:assert/strict'
import {
  canonicalPath,
  compilePolicy,
  evaluate,
  foldPolicy,
  type Policy,
  type PolicyDocument,
  PolicyError,
  type RouterOptions,
  rulesMet,
} from '@safeconduct/core'
import fc from 'fast-check'
import { dice, pathFrom } from '../../support/filled.js'
import { path, pathGlob } from '../../support/generate.js'
import { least, trials } from '../../support/holds.js'
import { kindsOfWords, sequences, written } from '../../support/plain/words.js'
import { pathMatches } from '../../support/plain.js'
import { type Row, table } from '../../support/table.js'

/** A rule for each list of globs, named after its place. */
const documentOf = (rules: readonly (readonly string[])[]): PolicyDocument => ({
  version: 1,
  rules: rules.map((paths, i) => ({ id: `r${i}`, paths, allow: [] })),
})

const ruleAt = (policy: Policy, pathname: string): string | undefined =>
  evaluate(policy, { method: 'GET', path: pathname }).ruleId

/** The policy of these rules, if they can stand side by side. */
function loaded(rules: readonly (readonly string[])[]): Policy | undefined {
  try {
    return compilePolicy(documentOf(rules))
  } catch {
    return undefined
  }
}

function meets(
  rows: readonly (readonly [
    rules: readonly string[],
    asked: readonly string[],
    met: readonly (string | undefined)[],
  ])[],
): Row[] {
  return rows.map(([rules, asked, met]) => [
    `${asked.join(', ')} meets ${met.map((each) => (each === undefined ? 'no rule' : rules[Number(each.slice(1))])).join(', ')} of ${rules.join(', ')}`,
    () => assert.deepEqual(rulesMet(compilePolicy(documentOf(rules.map((glob) => [glob]))), asked), met),
  ])
}

const shop = ['/api/**', '/api/orders/**', '/api/orders/*/items', '/assets/*.js']

table('the rules that paths meet', [
  ...meets([
    [shop, ['/'], [undefined]],
    [shop, ['/api'], ['r0']],
    [shop, ['/api/x'], ['r0']],
    [shop, ['/api/orders'], ['r1']],
    [shop, ['/api/*'], ['r0', 'r1']],
    [shop, ['/api/orders/*'], ['r1']],
    [shop, ['/api/orders/*/*'], ['r1', 'r2']],
    [shop, ['/api/orders/*/items'], ['r2']],
    [shop, ['/api/orders/**'], ['r1', 'r2']],
    [shop, ['/**'], ['r0', 'r1', 'r2', 'r3', undefined]],
    [shop, ['/assets/a.js'], ['r3']],
    [shop, ['/assets/*'], ['r3', undefined]],
    [shop, ['/assets/*.{js,css}'], ['r3', undefined]],
    [shop, ['/assets/*.js', '/api'], ['r0', 'r3']],
    [shop, ['/assets/a*.js'], ['r3']],
    [shop, [], []],
    [[], ['/a'], [undefined]],
    // Together, narrower rules can leave nothing to a broader one.
    [
      ['/a/**', '/a', '/a/*', '/a/'],
      ['/a', '/a/*', '/a/'],
      ['r1', 'r2', 'r3'],
    ],
    [['/**', '/{a,b}'], ['/{a,b}'], ['r1']],
  ]),
  [
    'what is no glob is a mistake of the program',
    () => assert.throws(() => rulesMet(compilePolicy(documentOf([])), ['api']), TypeError),
  ],
  [
    'in a folded policy the globs are folded too',
    () => {
      const folded = foldPolicy(compilePolicy(documentOf([['/Api/**'], ['/b/']])), {
        caseSensitive: false,
        ignoreTrailingSlash: true,
      })
      assert.deepEqual(rulesMet(folded, ['/API/x']), ['r0'])
      assert.deepEqual(rulesMet(folded, ['/b', '/B/']), ['r1'])
    },
  ],
  [
    'at random, they are those that a look at every path finds',
    () => {
      const seen = { policies: 0, met: 0 }
      const short = pathGlob.filter((glob) => glob.split('/').length < 4)
      const rules = fc.array(fc.array(short, { minLength: 1, maxLength: 2 }), { maxLength: 4 })
      fc.assert(
        fc.property(rules, fc.array(short, { minLength: 1, maxLength: 2 }), (globs, asked) => {
          const policy = loaded(globs)
          if (policy === undefined) return
          const patterns = [
            ...new Set(
              [...globs.flat(), ...asked].flatMap((glob) => written(glob).flatMap((each) => each.slice(1).split('/'))),
            ),
          ]
          const words = kindsOfWords(patterns, () => false)
          if (words.length > 9) return
          seen.policies++
          const found = new Set<string | undefined>()
          for (const segments of sequences(words, 4)) {
            const pathname = `/${segments.join('/')}`
            if (asked.some((glob) => pathMatches(glob, pathname))) found.add(ruleAt(policy, pathname))
          }
          const met = rulesMet(policy, asked)
          seen.met += met.length
          assert.equal(new Set(met).size, met.length)
          assert.deepEqual(new Set(met), found, `${JSON.stringify(globs)} ${asked}`)
        }),
        { numRuns: trials(250) },
      )
      assert.ok(seen.policies > least(40) && seen.met > least(100), JSON.stringify(seen))
    },
  ],
])

/** Globs with what routers fold: upper case, empty segments, semicolons. */
const foldedGlob = fc
  .array(fc.constantFrom('a', 'A', 'b', 'aB', 'ab', '', 'a;b', 'B;', '*', '**', 'a*', 'A*', '*B', 'a*b', '{a,B}'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((segments) => `/${segments.join('/')}`)
const foldedRules = fc.array(fc.array(foldedGlob, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
const foldedPath = fc.oneof(
  path,
  fc
    .array(fc.constantFrom('a', 'A', 'b', 'aB', 'AB', 'ab', '', 'a;b', 'B;', 'ax', 'Ax;'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((segments) => `/${segments.join('/')}`),
)
const options: fc.Arbitrary<RouterOptions> = fc.record({
  caseSensitive: fc.boolean(),
  ignoreTrailingSlash: fc.boolean(),
  ignoreDuplicateSlashes: fc.boolean(),
  useSemicolonDelimiter: fc.boolean(),
})

/** The same text in upper and lower case, letter by letter. */
function cases(text: string): readonly string[] {
  return [...text].reduce<readonly string[]>(
    (all, letter) => {
      const both =
        letter.toLowerCase() === letter.toUpperCase() ? [letter] : [letter.toLowerCase(), letter.toUpperCase()]
      return all.flatMap((before) => both.map((each) => before + each))
    },
    [''],
  )
}

/** Paths that the router may fold to this one; those that it does are among them, as far as globs ask for them. */
function* unfolded(pathname: string, router: RouterOptions, globs: readonly string[]): Iterable<string> {
  const tails = globs
    .flatMap(written)
    .flatMap((glob) => (glob.includes(';') ? [glob.slice(glob.indexOf(';')).replaceAll(/\*+/g, 'x')] : []))
  for (const ending of ['', ...(router.useSemicolonDelimiter ? tails : [])]) {
    for (const spelled of router.caseSensitive ? [pathname] : cases(pathname)) {
      const segments = spelled.slice(1).split('/')
      for (const slashes of ['', ...(router.ignoreDuplicateSlashes ? ['/', '//'] : [])]) {
        for (const trailing of router.ignoreTrailingSlash ? ['', '/', '//'] : ['']) {
          yield `/${segments.join(`${slashes}/`)}${trailing}${ending}`
          yield `/${slashes}${segments.join('/')}${trailing}${ending}`
          yield `/${slashes}${segments.join(`${slashes}/`)}${slashes}${trailing}${ending}`
          for (const cut of segments.keys()) {
            yield `/${segments.slice(0, cut).join('/')}/${slashes}${segments.slice(cut).join('/')}${trailing}${ending}`
          }
        }
      }
    }
  }
}

table('a policy for a router that folds paths', [
  [
    'a path that the router folds meets the rule of what it folds to',
    () => {
      const policy = compilePolicy(documentOf([['/Admin/**'], ['/**'], ['/health/']]))
      const router = {
        caseSensitive: false,
        ignoreTrailingSlash: true,
        ignoreDuplicateSlashes: true,
        useSemicolonDelimiter: true,
      }
      const folded = foldPolicy(policy, router)
      const at = (url: string) => ruleAt(folded, canonicalPath(url, router) ?? '')
      for (const url of ['/admin', '/ADMIN/x', '//admin//x', '/aDmin;x', '/admin/', '/%41dmin', '/Admin/x?y'])
        assert.equal(at(url), 'r0', url)
      for (const url of ['/health', '/Health/', '/health;a/b', '//health']) assert.equal(at(url), 'r2', url)
      for (const url of ['/', '//', '/other', '/adminx']) assert.equal(at(url), 'r1', url)
      assert.equal(ruleAt(policy, '/admin'), 'r1')
    },
  ],
  [
    'globs that folding makes equal or ambiguous are errors, told in the words of the document',
    () => {
      const codes = (rules: string[][], router: RouterOptions) => {
        try {
          foldPolicy(compilePolicy(documentOf(rules)), router)
        } catch (thrown) {
          assert.ok(thrown instanceof PolicyError)
          return thrown.diagnostics.map(({ code, pointer }) => `${code} ${pointer}`)
        }
        return []
      }
      assert.deepEqual(codes([['/a'], ['/A']], { caseSensitive: false }), ['duplicate-path /rules/1/paths/0'])
      assert.deepEqual(codes([['/a'], ['/a/']], { ignoreTrailingSlash: true }), ['duplicate-path /rules/1/paths/0'])
      assert.deepEqual(codes([['/a/b'], ['/a//b']], { ignoreDuplicateSlashes: true }), [
        'duplicate-path /rules/1/paths/0',
      ])
      assert.deepEqual(codes([['/a'], ['/a;v=1']], { useSemicolonDelimiter: true }), [
        'duplicate-path /rules/1/paths/0',
      ])
      assert.deepEqual(codes([['/A/*'], ['/*/b'], ['/A/b']], { caseSensitive: false }), [])
      assert.deepEqual(codes([['/a/x*'], ['/A/*y']], { caseSensitive: false }), ['ambiguous-paths /rules/1/paths/0'])
    },
  ],
  [
    'no folds, no change',
    () => {
      const policy = compilePolicy(documentOf([['/A/'], ['/a'], ['/a;b']]))
      for (const each of ['/A/', '/a', '/a;b', '/A', '/a/'])
        assert.equal(ruleAt(foldPolicy(policy, {}), each), ruleAt(policy, each))
      assert.deepEqual({ ...foldPolicy(policy, { caseSensitive: true }).router }, { caseSensitive: true })
    },
  ],
  [
    'at random: a folded path meets a rule only by a glob that some path which folds to it meets, and loses no glob that it meets itself',
    () => {
      const seen = { ruled: 0, kept: 0, folded: 0 }
      fc.assert(
        fc.property(
          foldedRules,
          options,
          fc.array(foldedPath, { minLength: 6, maxLength: 6 }),
          dice,
          (rules, router, drawn, thrown) => {
            const globs = rules.flat()
            const single = globs.map((glob) => ({
              glob,
              policy: foldPolicy(compilePolicy(documentOf([[glob]])), router),
            }))
            for (const url of [...drawn, ...globs.map((glob) => pathFrom(glob, thrown))]) {
              const pathname = canonicalPath(url, router)
              if (pathname === undefined) continue
              if (pathname !== url) seen.folded++
              for (const { glob, policy } of single) {
                const meetsGlob = ruleAt(policy, pathname) !== undefined
                if (meetsGlob) {
                  seen.ruled++
                  const origins = [...unfolded(pathname, router, [glob])].filter(
                    (each) => canonicalPath(each, router) === pathname,
                  )
                  assert.ok(
                    origins.some((each) => pathMatches(glob, each)),
                    `${glob} meets ${pathname} under ${JSON.stringify(router)}`,
                  )
                }
                // What the router leaves as it is.
                if (canonicalPath(pathname, router) === pathname && pathMatches(glob, pathname)) {
                  seen.kept++
                  assert.ok(meetsGlob, `${glob} lost ${pathname} under ${JSON.stringify(router)}`)
                }
                // Without semicolons, which cut off what a wildcard may have matched.
                if (!router.useSemicolonDelimiter && pathMatches(glob, url))
                  assert.ok(meetsGlob, `${glob} lost ${url} under ${JSON.stringify(router)}`)
              }
            }
          },
        ),
        { numRuns: trials(700) },
      )
      assert.ok(seen.ruled > least(1200) && seen.kept > least(800) && seen.folded > least(1200), JSON.stringify(seen))
    },
  ],
  [
    'at random: of several rules, the folded policy picks one whose glob is most specific among the folded',
    () => {
      let decided = 0
      fc.assert(
        fc.property(
          foldedRules,
          options,
          fc.array(foldedPath, { minLength: 10, maxLength: 10 }),
          (rules, router, drawn) => {
            const policy = loaded(rules)
            if (policy === undefined) return
            let folded: Policy
            try {
              folded = foldPolicy(policy, router)
            } catch {
              return
            }
            for (const url of drawn) {
              const pathname = canonicalPath(url, router)
              if (pathname === undefined) continue
              const id = ruleAt(folded, pathname)
              const alone = rules.flatMap((globs, i) => {
                const only = foldPolicy(compilePolicy(documentOf([globs])), router)
                return ruleAt(only, pathname) === undefined ? [] : [`r${i}`]
              })
              if (id === undefined) assert.deepEqual(alone, [])
              else {
                decided++
                assert.ok(alone.includes(id), `${JSON.stringify(rules)} ${pathname}`)
              }
            }
          },
        ),
        { numRuns: trials(200) },
      )
      assert.ok(decided > least(120), `${decided}`)
    },
  ],
])
