/**
 * Whether the rule that decided is the one of the route that ran. The judge does not ask the plugin: which route ran, its
 * handler said; what the policy gives there, the plain twin of the engine says.
 */
import { isDeepStrictEqual } from 'node:util'
import type { CorsRequest, Decision, PolicyDocument } from '@safeconduct/core'
import { decidingRule, plainDecision } from '../plain.js'
import { headerOf, type WireAnswer } from '../wire.js'
import { ranHeader } from './declare.js'
import { foldedDocument, plainPath } from './plain-router.js'
import type { Scene } from './scene.js'

/** One request for the target under trial. */
export interface Ask {
  readonly method: string
  readonly origin: string
  readonly version?: string | undefined
  readonly requestMethod?: string | undefined
  readonly requestHeaders?: string | undefined
}

export interface Exchange {
  readonly ask: Ask
  readonly answer: WireAnswer
}

/** A rule's id; `false`: nobody; `undefined`: the path decides. */
export type Binding = string | false | undefined

export const ranOf = (answer: WireAnswer): number | undefined => {
  const ran = headerOf(answer, ranHeader)
  return ran === undefined ? undefined : Number(ran)
}

/** Answered by Fastify before any hook, or by Node's parser; `undefined`: hooks ran. No handler of a scene says 400 or 414. */
export function answeredBefore({ status, body }: WireAnswer): 'Fastify' | 'Node' | undefined {
  if (status !== 400 && status !== 414) return undefined
  return body.includes('"Client Error"') ? 'Node' : 'Fastify'
}

/** What was seen of one target at one host: enough to say what each answer should have been. */
export class Judge {
  readonly #scene: Scene
  readonly #document: PolicyDocument
  readonly #path: string | undefined
  readonly #ran: ReadonlyMap<string, ReadonlySet<number>>

  /** `actuals`: an exchange for each method and version that the scene knows. */
  constructor(scene: Scene, target: string, actuals: readonly Exchange[]) {
    this.#scene = scene
    this.#document = foldedDocument(scene.document, scene.router)
    this.#path = plainPath(target, scene.router)
    const ran = new Map<string, Set<number>>()
    for (const { ask, answer } of actuals) {
      const route = ranOf(answer)
      if (route !== undefined) ran.set(ask.method, (ran.get(ask.method) ?? new Set()).add(route))
    }
    this.#ran = ran
  }

  /**
   * The rule of the routes that ran for this method. Some may have run for one version only: a preflight does not show it,
   * and what is not found for another version is decided by the same rule.
   */
  ruleOf(method: string): Binding {
    const rules = new Set([...(this.#ran.get(method) ?? [])].map((i) => this.#bindingOf(i)))
    if (rules.size > 1) throw new Error(`routes of different rules, which a preflight of ${method} cannot tell apart`)
    return [...rules][0]
  }

  #bindingOf(route: number): Binding {
    const { cors } = this.#scene.routes[route] ?? {}
    // Nobody is allowed anything there, whatever the route says.
    if (this.#path === undefined) return false
    // By the path, but said by its id, so that routes can be compared.
    return cors ?? this.#ofPath()
  }

  #ofPath(): string | undefined {
    const rule = decidingRule(this.#document, { path: this.#path })
    return typeof rule === 'string' ? undefined : rule.id
  }

  /**
   * Whether the methods of this URL meet different rules, so that no preflight may speak for another method. All rules that
   * allow nobody are one; and where no route serves a method, that one is as good as none.
   */
  #isSplit(): boolean {
    const granting = this.#document.rules.filter(({ allow }) => allow.length > 0).map(({ id }) => id)
    const orNobody = (rule: Binding): string => (typeof rule === 'string' && granting.includes(rule) ? rule : 'nobody')
    const met = new Set([...this.#ran.keys()].map((method) => orNobody(this.ruleOf(method))))
    const ofPath = orNobody(this.#ofPath())
    if (ofPath !== 'nobody') met.add(ofPath)
    return met.size > 1
  }

  /** What the policy gives to a request that came to a hook. */
  expected({ method, origin, requestMethod, requestHeaders }: Ask): Decision {
    const rule = this.ruleOf(requestMethod ?? method)
    const request: CorsRequest = {
      method,
      origin,
      path: this.#path,
      ...(rule === undefined ? {} : { rule }),
      ...(requestMethod === undefined ? {} : { requestMethod }),
      ...(requestHeaders === undefined ? {} : { requestHeaders }),
      servedMethods: [...this.#ran.keys()],
      splitByMethod: this.#isSplit(),
    }
    return plainDecision({ document: this.#document }, request)
  }

  /** What is wrong with an answer, if anything. */
  complaint({ ask, answer }: Exchange): string | undefined {
    const before = answeredBefore(answer)
    const isAttached = before === undefined || (before === 'Fastify' && this.#scene.frameworkErrors)
    const expected = this.expected(ask)
    const wanted = isAttached ? headersOf(expected) : {}
    const got = sortedLists(answer.cors)
    if (!isDeepStrictEqual(got, wanted)) return `carries ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`
    if (before === undefined && expected.kind === 'preflight' && answer.status !== expected.status)
      return `has status ${answer.status} instead of ${expected.status}`
    return undefined
  }
}

function headersOf({ headers, vary }: Decision): Record<string, string> {
  return sortedLists({ ...headers, ...(vary.length === 0 ? {} : { vary: vary.join(', ') }) })
}

/** The order of methods that are served is the router's. */
function sortedLists(headers: Readonly<Record<string, string>>): Record<string, string> {
  const methods = headers['access-control-allow-methods']
  return methods === undefined
    ? { ...headers }
    : { ...headers, 'access-control-allow-methods': methods.split(',').sort().join(',') }
}
