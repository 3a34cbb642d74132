/** What an origin may do at a path, read straight from the document: the plain twin of what analysis asks the engine. */
import type { GrantDocument, PolicyDocument, RuleDocument } from '@safeconduct/core'
import { coversHeader, coversMethod, decidingGrant, decidingRule, type World } from '../plain.js'

/** Names in the order of the vocabulary. `OTHER`: a method that no policy mentions; `SERVED`: what the router serves. */
export interface PlainAbilities {
  readonly methods: readonly string[]
  readonly requestHeaders: readonly string[]
  readonly exposedHeaders: readonly string[]
  readonly credentials: boolean
}

export interface PlainVocabulary {
  readonly methods: readonly string[]
  readonly requestHeaders: readonly string[]
}

const none: PlainAbilities = { methods: [], requestHeaders: [], exposedHeaders: [], credentials: false }

export function plainAbilities(grant: GrantDocument | undefined, vocabulary: PlainVocabulary): PlainAbilities {
  if (grant === undefined) return none
  const methods = vocabulary.methods.filter((method) =>
    coversMethod(grant, method, method === 'SERVED' ? ['SERVED'] : []),
  )
  if (methods.length === 0) return none
  return {
    methods,
    requestHeaders: vocabulary.requestHeaders.filter((name) => coversHeader(grant, name)),
    exposedHeaders: [...new Set((grant.exposedHeaders ?? []).map((name) => name.toLowerCase()))],
    credentials: grant.credentials === true,
  }
}

/** Who decides, remembered: a policy is asked about many paths and origins. */
export class PlainDecider {
  readonly #world: World
  readonly #rules = new Map<string, RuleDocument | undefined>()
  readonly #grants = new Map<string, GrantDocument | undefined>()

  constructor(document: PolicyDocument, external: Required<World>['external']) {
    this.#world = { document, external }
  }

  rule(path: string): RuleDocument | undefined {
    if (!this.#rules.has(path)) {
      const rule = decidingRule(this.#world.document, { path })
      this.#rules.set(path, typeof rule === 'string' ? undefined : rule)
    }
    return this.#rules.get(path)
  }

  named(id: string): RuleDocument | undefined {
    return this.#world.document.rules.find((rule) => rule.id === id)
  }

  grant(rule: RuleDocument | undefined, origin: string): GrantDocument | undefined {
    if (rule === undefined) return undefined
    const key = `${rule.id} ${origin}`
    if (!this.#grants.has(key)) {
      const grant = decidingGrant(this.#world, rule, origin)
      this.#grants.set(key, typeof grant === 'string' ? undefined : grant)
    }
    return this.#grants.get(key)
  }
}
