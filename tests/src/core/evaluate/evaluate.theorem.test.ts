/**
 * The theorem, both ways: for random policies, and fetches of one browser with its preflight cache and its clock, the
 * script reads the response if and only if the plain twin says that the policy allows the request.
 *
 * It is about requests within the bounds that the design sets: origins of at most 330 bytes, methods of at most 64
 * characters, at most 128 names and 8 KiB of requested headers.
 */
import assert from 'node:assert/strict'
import type { Decision } from '@safeconduct/core'
import { chromium156, type Deviations, firefox153, standard, type WireRequest } from '@safeconduct/core/browser'
import fc from 'fast-check'
import { scene, twoRoutes } from '../../support/generate.js'
import { holds, least } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { play, routesOf, type Stage } from '../../support/theorem.js'

const longest = 80

/** Plays so many scenes, and sees that there were enough fetches and that enough of them were readable. */
function holdsOn(scenes: number, stage: Stage, fetches = scenes * 15): void {
  let played = 0
  let readable = 0
  holds(scenes, scene(longest), (each) => {
    readable += play(each, stage)
    played += each.visits.length
  })
  assert.ok(played > least(fetches), `${played} fetches`)
  assert.ok(readable * 50 > played, `${readable} of ${played} fetches were readable`)
}

/** A scene and the numbers by which the routes of one URL name rules. */
const splitScene = fc.oneof(
  fc.tuple(scene(longest), fc.array(fc.nat(7), { minLength: 1, maxLength: 11 })),
  fc.tuple(scene(longest, twoRoutes), fc.array(fc.nat(1), { minLength: 1, maxLength: 11 })),
)

function holdsOnSplitRoutes(scenes: number, stage: Stage): void {
  holds(scenes, splitScene, ([each, drawn]) => void play(each, { ...stage, ruleOf: routesOf(each.document, drawn) }))
}

table('a script reads a response if and only if the policy allows its request', [
  ['in 125,000 fetches', () => holdsOn(3750, {}, 125_000)],
  ['in debug mode', () => holdsOn(300, { debug: true })],
  ['where the routes of one URL name different rules', () => holdsOnSplitRoutes(300, {})],
  ['where the routes of one URL name different rules, in debug mode', () => holdsOnSplitRoutes(200, { debug: true })],
])

/** As its sources read; not measured. */
const safari: Deviations = {
  ...standard,
  authorizationCoveredByWildcard: true,
  negativeMaxAgeIsZero: true,
  maxAgeLimit: 600,
}

/** What a switch of the model can be other than in the standard. */
const othersOf = {
  maxAgeLimit: [600],
  preflightCache: ['whole-answers', 'tokens'],
} satisfies Partial<{ readonly [Name in keyof Deviations]: readonly Deviations[Name][] }>

/** How browsers differ from the standard, one by one. */
const deviations = (Object.keys(standard) as (keyof Deviations)[]).flatMap((name): readonly [string, Stage][] => {
  const others: readonly Deviations[keyof Deviations][] =
    name in othersOf ? othersOf[name as keyof typeof othersOf] : [true]
  return others.map((value) => [
    value === true ? name : `${name}: ${value}`,
    {
      deviations: { ...standard, [name]: value },
      // It looks for `PATCH` where the script said `patch`, and sends `patch` then.
      ...(name === 'uppercasesMethodToMatch' ? { cannotSend: (method) => /[a-z]/.test(method) } : {}),
    },
  ])
})

table('the deviations of real browsers do not break it', [
  ...deviations.map(([name, stage]): Row => [name, () => holdsOn(40, stage)]),
  ...deviations.map(([name, stage]): Row => [`${name}, in debug mode`, () => holdsOn(40, { ...stage, debug: true })]),
  ['Chromium', () => holdsOn(100, { deviations: chromium156 })],
  ['Firefox', () => holdsOn(100, { deviations: firefox153 })],
  ['Safari', () => holdsOn(100, { deviations: safari })],
  [
    'Chromium, in debug mode, where the routes of one URL name different rules',
    () => holdsOnSplitRoutes(100, { deviations: chromium156, debug: true }),
  ],
  [
    'Firefox, where the routes of one URL name different rules',
    () => holdsOnSplitRoutes(100, { deviations: firefox153 }),
  ],
  ['Safari, where the routes of one URL name different rules', () => holdsOnSplitRoutes(100, { deviations: safari })],
])

function withHeaders(decision: Decision, headers: Readonly<Record<string, string>>): Decision {
  return { ...decision, headers: { ...decision.headers, ...headers } }
}

function originOf({ headers }: WireRequest): string {
  return headers.find(([name]) => name === 'Origin')?.[1] ?? 'null'
}

const allowed = (decision: Decision): boolean => decision.kind !== 'non-cors' && decision.allowed

type Spoilt = NonNullable<Stage['spoilt']>

/** Each is a mistake that CORS implementations have made. */
const mistakes: readonly (readonly [sentence: string, spoilt: Spoilt])[] = [
  [
    'a refused origin is reflected',
    (decision, wire) => withHeaders(decision, { 'access-control-allow-origin': originOf(wire) }),
  ],
  [
    'credentials are shared with every allowed origin',
    (decision, wire) =>
      allowed(decision)
        ? withHeaders(decision, {
            'access-control-allow-origin': originOf(wire),
            'access-control-allow-credentials': 'true',
          })
        : decision,
  ],
  [
    'credentials are shared with none',
    (decision) => {
      const { 'access-control-allow-credentials': _, ...headers } = decision.headers
      return { ...decision, headers }
    },
  ],
  [
    '`*` is sent for all header names',
    (decision) =>
      decision.kind === 'preflight' && decision.allowed
        ? withHeaders(decision, { 'access-control-allow-headers': '*' })
        : decision,
  ],
  [
    'header names are not listed',
    (decision) => {
      const { 'access-control-allow-headers': _, ...headers } = decision.headers
      return { ...decision, headers }
    },
  ],
  [
    'methods are not listed',
    (decision) => {
      const { 'access-control-allow-methods': _, ...headers } = decision.headers
      return { ...decision, headers }
    },
  ],
  [
    'one malformed token stands among the methods',
    (decision) =>
      decision.kind === 'preflight' ? withHeaders(decision, { 'access-control-allow-methods': 'GET,P UT' }) : decision,
  ],
  [
    'exposed headers are not',
    (decision) => {
      const { 'access-control-expose-headers': _, ...headers } = decision.headers
      return { ...decision, headers }
    },
  ],
  [
    'an allowed preflight is answered 302',
    (decision) => (decision.kind === 'preflight' ? { ...decision, status: 302 } : decision),
  ],
]

/** One of a thousand scenes shows it, mostly one of the first. */
function isFoundOut<T>(values: fc.Arbitrary<T>, predicate: (value: T) => void): void {
  for (let seed = 1; seed <= 20; seed++) {
    for (const value of fc.sample(values, { seed, numRuns: 50 })) {
      try {
        predicate(value)
      } catch (thrown) {
        assert.match(String(thrown), /fetch \d+: (readable, not allowed|allowed, not readable|other headers exposed)/)
        return
      }
    }
  }
  assert.fail('nothing was found')
}

table('a server that makes a mistake is found out', [
  ...mistakes.map(
    ([sentence, spoilt]): Row => [sentence, () => isFoundOut(scene(longest), (each) => void play(each, { spoilt }))],
  ),
  [
    'a preflight is kept for the other routes of its URL',
    () => {
      const spoilt: Spoilt = (decision) =>
        decision.kind === 'preflight' ? withHeaders(decision, { 'access-control-max-age': '600' }) : decision
      isFoundOut(splitScene, ([each, drawn]) => void play(each, { spoilt, ruleOf: routesOf(each.document, drawn) }))
    },
  ],
  [
    'a preflight for one of two routes lists all that its rule has',
    () => {
      const spoilt: Spoilt = (decision) =>
        decision.kind === 'preflight' && decision.allowed
          ? withHeaders(decision, { 'access-control-allow-headers': 'x-a,x-b,x-c', 'access-control-max-age': '600' })
          : decision
      isFoundOut(splitScene, ([each, drawn]) => void play(each, { spoilt, ruleOf: routesOf(each.document, drawn) }))
    },
  ],
])
