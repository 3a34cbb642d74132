/** Random policies, routers and routes, and request targets for them. */
import type { GrantDocument, PolicyDocument, RouterOptions, RuleDocument } from '@safeconduct/core'
import fc from 'fast-check'
import { draft, type Target, targetOf } from './targets.js'

const { array, boolean, constantFrom, oneof, record, tuple, uniqueArray } = fc

/** Rules with paths of their own, and rules that only routes name. */
export const ruleIds = ['r1', 'r2', 'r3', 'n1', 'n2'] as const

/** Every rule that allows anybody allows this one, each with another exposed header, so that the answer tells the rule. */
export const shared = 'https://all.example'
/** An origin that one rule alone allows. */
export const ownOrigin = (id: string): string => `https://${id}.example`
/** A request header that one rule alone allows. */
export const ownHeader = (id: string): string => `x-of-${id}`

export interface RouteSpec {
  readonly methods: readonly string[]
  readonly url: string
  /** Of the scope in which it is declared. */
  readonly prefix: string
  readonly cors: (typeof ruleIds)[number] | false | undefined
  /** Between slashes: a regular expression. */
  readonly host: string | undefined
  readonly version: string | undefined
}

export interface Scene {
  readonly document: PolicyDocument
  readonly routes: readonly RouteSpec[]
  readonly router: Required<RouterOptions> & { readonly maxParamLength: number }
  /** Whether the plugin's helper answers what Fastify answers before any hook. */
  readonly frameworkErrors: boolean
  readonly exposeHeadRoutes: boolean
  readonly targets: readonly Target[]
}

export const version = '1.0.0'
export const host = 'one.example'

const segment = oneof(
  { weight: 12, arbitrary: constantFrom('a', 'b', 'A', 'a.b', ':x', ':y', 'a-:x', ':x(^\\d+$)', ':x.:y', '') },
  { weight: 1, arbitrary: constantFrom('k', '\u00e9', 'a;b', ':x-:y', '::a') },
)
const url = tuple(array(segment, { minLength: 1, maxLength: 3 }), constantFrom('', '', '/', '/*', '/:z?')).map(
  ([parts, end]) => `/${parts.join('/')}${end}`,
)

const route: fc.Arbitrary<RouteSpec> = record({
  methods: uniqueArray(constantFrom('GET', 'GET', 'GET', 'PUT', 'PUT', 'PROPFIND', 'OPTIONS'), {
    minLength: 1,
    maxLength: 2,
  }),
  url,
  prefix: constantFrom('', '', '', '', '/a', '/:p'),
  cors: constantFrom<RouteSpec['cors'][]>('n1', 'n2', 'r1', false, ...Array(5).fill(undefined)),
  host: constantFrom<RouteSpec['host'][]>(host, '/^o.e\\./', ...Array(7).fill(undefined)),
  version: constantFrom<RouteSpec['version'][]>(version, ...Array(7).fill(undefined)),
})

const glob = array(constantFrom('a', 'b', 'A', '*', 'a*', 'a.b', '**', '', 'k', '{a,b}'), {
  minLength: 1,
  maxLength: 3,
})
  // What a folded `//**` comes to is not said by a glob.
  .filter((parts) => !parts.some((each, i) => each === '' && parts[i + 1] === '**'))
  .map((parts) => `/${parts.join('/')}`)

type Grants = (id: string) => readonly GrantDocument[]

const grants: fc.Arbitrary<Grants> = tuple(
  constantFrom<GrantDocument['methods'][]>(['*'], ['*'], ['GET', 'PUT'], ['GET', 'PROPFIND', 'OPTIONS'], 'served'),
  boolean(),
  constantFrom('listed', 'listed', 'listed', 'listed', 'two', 'anyone', 'nobody'),
).map(([methods = ['*'], credentials, shape]) => (id) => {
  const lists = { methods, requestHeaders: [ownHeader(id)], exposedHeaders: [ownHeader(id)] }
  if (shape === 'nobody') return []
  if (shape === 'anyone') return [{ ...lists, origins: ['*'] }]
  const listed = { ...lists, origins: [shared, ownOrigin(id)], credentials, maxAge: 60 }
  return shape === 'two' ? [listed, { ...lists, origins: ['*'], methods: ['GET'] }] : [listed]
})

export const scene: fc.Arbitrary<Scene> = record({
  rules: tuple(
    ...ruleIds.map((id) => tuple(id.startsWith('n') ? fc.constant([]) : uniqueArray(glob, { maxLength: 2 }), grants)),
  ),
  routes: array(route, { minLength: 1, maxLength: 7 }),
  router: record({
    caseSensitive: boolean(),
    ignoreTrailingSlash: boolean(),
    ignoreDuplicateSlashes: boolean(),
    useSemicolonDelimiter: boolean(),
    maxParamLength: constantFrom(10, 100),
  }),
  frameworkErrors: boolean(),
  exposeHeadRoutes: constantFrom(true, true, true, false),
  drafts: array(draft, { minLength: 24, maxLength: 24 }),
}).map(({ rules, drafts, ...rest }) => {
  const ruled = rules.map(([paths, grant], i): RuleDocument => {
    const id = ruleIds[i] as string
    return { id, paths, allow: [...grant(id)] }
  })
  const ofRoutes = rest.routes.map(({ prefix, url: own }) => prefix + own)
  const patterns = [...ofRoutes, ...ofRoutes, ...ruled.flatMap(({ paths }) => paths)]
  return {
    ...rest,
    document: { version: 1, rules: ruled },
    targets: drafts.map((each) => targetOf(each, patterns)),
  }
})
