/**
 * What an origin may do at a path, found by asking `evaluate`: which methods, which request headers, with or without
 * credentials, which response headers a script sees. A grant covers each of them apart from the others, so one question
 * for each name answers for all combinations.
 */

import { type Decision, isAllowed } from '../evaluate/decision.js'
import { evaluate } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledRule, Policy } from '../policy/policy.js'

/** The names that a set of rules can tell apart, and one more of each kind, which stands for all others. */
export interface Vocabulary extends Words {
  /** `OTHER`: stands for every method that no rule mentions. */
  readonly otherMethod: string
  /** `SERVED`: stands for what the router serves, where a grant says `"served"`. */
  readonly servedMethod: string
  /** `x-other`: stands for every header name that no rule mentions. */
  readonly otherHeader: string
}

export interface Words {
  readonly methods: readonly string[]
  readonly requestHeaders: readonly string[]
}

export function vocabularyOf(rules: readonly (CompiledRule | undefined)[], more: Partial<Words> = {}): Vocabulary {
  const grants = rules.flatMap((rule) => rule?.grants ?? [])
  const methods = new Set(['GET', 'HEAD', 'POST', ...grants.flatMap((g) => [...g.methodSet]), ...(more.methods ?? [])])
  const names = new Set([
    ...grants.flatMap((g) => [...g.requestHeaderSet]),
    ...(more.requestHeaders ?? []),
    'authorization',
  ])
  methods.delete('*')
  names.delete('*')
  const otherMethod = unmentioned('OTHER', methods)
  const servedMethod = unmentioned('SERVED', methods)
  const otherHeader = unmentioned('x-other', names)
  return {
    methods: [...methods, otherMethod, servedMethod],
    requestHeaders: [...names, otherHeader],
    otherMethod,
    servedMethod,
    otherHeader,
  }
}

/** The word, or one like it: what stands for all others must not be one that a rule mentions. */
export function unmentioned(word: string, mentioned: ReadonlySet<string>): string {
  let free = word
  for (let n = 2; mentioned.has(free); n++) free = `${word}-${n}`
  return free
}

/**
 * A request by a method that some abilities hold: for what stands for many methods, one that a person recognizes. `avoided`
 * are methods that it is not to be.
 */
export function requestBy(
  method: string,
  vocabulary: Vocabulary,
  avoided: ReadonlySet<string> = new Set(),
): Pick<CorsRequest, 'method' | 'servedMethods'> {
  if (method === vocabulary.servedMethod) {
    const served = familiar.find((name) => !avoided.has(name)) ?? method
    return { method: served, servedMethods: [served] }
  }
  if (method !== vocabulary.otherMethod) return { method }
  return { method: familiar.find((name) => !vocabulary.methods.includes(name)) ?? method }
}

const familiar = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']

export interface Abilities {
  /** Empty: the origin is refused, and so are all other sets. */
  readonly methods: ReadonlySet<string>
  readonly requestHeaders: ReadonlySet<string>
  readonly credentials: boolean
  /** In lower case; `*` alone: all. */
  readonly exposedHeaders: ReadonlySet<string>
  /** Seconds; `undefined` where nothing is allowed. */
  readonly maxAge: number | undefined
}

export function abilitiesOf(
  policy: Policy,
  target: Pick<CorsRequest, 'path' | 'rule'>,
  origin: string,
  vocabulary: Vocabulary,
): Abilities {
  const servedMethods = [vocabulary.servedMethod]
  const ask = (request: Partial<CorsRequest>): Decision =>
    evaluate(policy, { ...target, method: 'GET', origin, servedMethods, ...request })
  const announced = (requestMethod: string, requestHeaders?: string): Decision =>
    ask({ method: 'OPTIONS', requestMethod, ...(requestHeaders === undefined ? {} : { requestHeaders }) })
  const methods = vocabulary.methods.filter((method) => isAllowed(announced(method)))
  const [first] = methods
  if (first === undefined) {
    return {
      methods: new Set(),
      requestHeaders: new Set(),
      credentials: false,
      exposedHeaders: new Set(),
      maxAge: undefined,
    }
  }
  const { headers } = announced(first)
  const exposed = ask({ method: first }).headers['access-control-expose-headers']
  return {
    methods: new Set(methods),
    requestHeaders: new Set(vocabulary.requestHeaders.filter((name) => isAllowed(announced(first, name)))),
    credentials: headers['access-control-allow-credentials'] === 'true',
    exposedHeaders: new Set(exposed === undefined ? [] : exposed.split(',')),
    maxAge: Number(headers['access-control-max-age']),
  }
}
