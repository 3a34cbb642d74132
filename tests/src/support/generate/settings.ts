/** A policy, what a program adds to it, and origins and paths that it speaks of. */
import type { PolicyDocument } from '@safeconduct/core'
import fc from 'fast-check'
import { origin, path } from './globs.js'
import { policy, twoRules } from './policies.js'

const { array, constantFrom, record, tuple, uniqueArray } = fc

export interface Setting {
  readonly document: PolicyDocument
  /** What the external group of the document holds. */
  readonly external: { readonly tenants: readonly string[] }
  readonly servedMethods: readonly string[]
  readonly origins: readonly string[]
  /** Canonical. */
  readonly paths: readonly string[]
}

type Draw = readonly [choice: number, dice: readonly number[], any: string]

/** Any, or one that the policy speaks of: chosen by numbers, so that a smaller policy keeps the choice. */
function draw(any: fc.Arbitrary<string>): fc.Arbitrary<Draw> {
  return tuple(fc.integer({ min: -1, max: 11 }), array(fc.nat(11), { minLength: 3, maxLength: 3 }), any)
}

export const setting: fc.Arbitrary<Setting> = record({
  document: policy,
  tenants: uniqueArray(origin, { maxLength: 3 }),
  servedMethods: uniqueArray(constantFrom('GET', 'POST', 'PUT', 'PATCH', 'TRACE', 'HEAD'), { maxLength: 6 }),
  origins: array(draw(origin), { minLength: 1, maxLength: 4 }),
  paths: array(draw(path), { minLength: 1, maxLength: 3 }),
}).map(({ document, servedMethods, ...drawn }) => {
  const external = { tenants: drawn.tenants.filter(isExact) }
  const originsOf = originGlobs(document, external)
  const pathsOf = document.rules.flatMap((rule) => rule.paths)
  return {
    document,
    external,
    servedMethods,
    origins: drawn.origins.map((each) => chosen(each, originsOf, originOf)),
    paths: drawn.paths.map((each) => chosen(each, pathsOf, pathOf)),
  }
})

const page = 'https://app.example'

/** One page and one URL, whose routes name two rules. */
export const twoRoutes: fc.Arbitrary<Setting> = twoRules(page).map((document) => ({
  document,
  external: { tenants: [] },
  servedMethods: ['GET', 'POST', 'PUT'],
  origins: [page],
  paths: ['/x'],
}))

function chosen(
  [choice, dice, any]: Draw,
  globs: readonly string[],
  spell: (glob: string, dice: readonly number[]) => string,
): string {
  const glob = choice < 0 ? undefined : globs[choice % globs.length]
  return glob === undefined || glob === '*' ? any : spell(glob, dice)
}

/** What an external group may hold, credentials or none. */
function isExact(text: string): boolean {
  return text !== 'null' && !/\.\.|'|^app:/.test(text) && !text.startsWith('http:')
}

function originGlobs(document: PolicyDocument, external: Setting['external']): readonly string[] {
  const listed = document.rules.flatMap((rule) => rule.allow.flatMap((each) => each.origins))
  const web = document.origins?.web
  return listed.flatMap((text) =>
    text === '@tenants' ? external.tenants : text === '@web' ? (Array.isArray(web) ? web : []) : [text],
  )
}

/** What a glob stands for, mostly. */
function pathOf(glob: string, dice: readonly number[]): string {
  return spelled(glob, dice, ['a', 'b', 'a/b', 'ab/', 'a/a/b', ''], ['a', 'b', 'ab', 'aab', 'x', ''])
}

function originOf(glob: string, dice: readonly number[]): string {
  const port = ['', ':3000', ':8443'][(dice[0] ?? 0) % 3] ?? ''
  return spelled(glob.replace(/:\*$/, port), dice, ['a', 'b', 'a.b', 'ab.a'], ['a', 'b', 'ab', 'x'])
}

function spelled(glob: string, dice: readonly number[], many: readonly string[], one: readonly string[]): string {
  let thrown = 0
  return glob.replace(/\{([^}]*)\}|\*\*|\*/g, (star, alternatives?: string) => {
    const choices = alternatives?.split(',') ?? (star === '**' ? many : one)
    return choices[(dice[thrown++ % dice.length] ?? 0) % choices.length] ?? ''
  })
}
