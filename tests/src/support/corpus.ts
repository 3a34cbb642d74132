/**
 * The corpus of `tests/corpus/`, whose README says what the files hold. The reading is strict: a key too many, a value of
 * another kind, two cases of one name or a file without cases throw, so that no case is passed over.
 */
import { readdirSync, readFileSync } from 'node:fs'
import {
  type CorsRequest,
  compilePolicy,
  corsRequest,
  type Decision,
  foldPolicy,
  type Policy,
  type PolicyDocument,
  type RouterOptions,
  withOrigins,
} from '@safeconduct/core'

export interface CorpusCase {
  readonly name: string
  readonly request: {
    readonly method: string
    /** The request target. */
    readonly url: string
    readonly headers: Readonly<Record<string, string | string[]>>
  }
  readonly rule?: string | false
  readonly servedMethods?: readonly string[]
  readonly splitByMethod?: boolean
  readonly debug?: boolean
  readonly decision: Decision
  readonly reads?: boolean
}

export interface CorpusFile {
  /** Without folder and ending. */
  readonly topic: string
  readonly about: string
  readonly policy: PolicyDocument
  readonly router?: RouterOptions
  readonly external?: Readonly<Record<string, readonly string[]>>
  readonly cases: readonly CorpusCase[]
}

const folder = new URL('../../corpus/', import.meta.url)

export function readCorpus(): readonly CorpusFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.startsWith('browser-cases'))
  return names
    .sort()
    .map((name) => parseCorpusFile(name.slice(0, -'.json'.length), readFileSync(new URL(name, folder), 'utf8')))
}

/** The policy that a file's cases are decided by. */
export function policyOf({ policy, router, external = {} }: CorpusFile): Policy {
  const compiled = compilePolicy(policy)
  const folded = router === undefined ? compiled : foldPolicy(compiled, router)
  return Object.entries(external).reduce((all, [group, origins]) => withOrigins(all, group, origins), folded)
}

/** What `evaluate` is asked in a case. */
export function requestOf({ router }: CorpusFile, each: CorpusCase): CorsRequest {
  const { rule, servedMethods, splitByMethod } = each
  return {
    ...corsRequest(each.request.method, each.request.url, each.request.headers, router),
    ...(rule === undefined ? {} : { rule }),
    ...(servedMethods === undefined ? {} : { servedMethods }),
    ...(splitByMethod === undefined ? {} : { splitByMethod }),
  }
}

/** Throws, with the place, where the text is not one of a corpus file. */
export function parseCorpusFile(topic: string, text: string): CorpusFile {
  const value: unknown = JSON.parse(text)
  file(value, topic)
  const names = new Set<string>()
  for (const { name } of value.cases) {
    if (names.has(name)) throw new Error(`${topic}: two cases are named ${JSON.stringify(name)}`)
    names.add(name)
  }
  return { topic, ...value }
}

/** Throws where a value is not of its kind; `at` is the place. */
type Kind = (value: unknown, at: string) => void

function expected(what: string, value: unknown, at: string): never {
  throw new Error(`${at}: ${what} expected, not ${JSON.stringify(value)}`)
}

const string: Kind = (value, at) => (typeof value === 'string' ? undefined : expected('a string', value, at))
const boolean: Kind = (value, at) => (typeof value === 'boolean' ? undefined : expected('true or false', value, at))
const number: Kind = (value, at) => (Number.isInteger(value) ? undefined : expected('a whole number', value, at))
/** The engine says whether it is a policy. */
const anything: Kind = () => undefined

function either(...kinds: readonly Kind[]): Kind {
  return (value, at) => {
    const faults = kinds.flatMap((kind) => faultOf(() => kind(value, at)))
    if (faults.length === kinds.length) throw faults[0]
  }
}

function faultOf(check: () => void): unknown[] {
  try {
    check()
    return []
  } catch (fault) {
    return [fault]
  }
}

function oneOf(...values: readonly unknown[]): Kind {
  return (value, at) => (values.includes(value) ? undefined : expected(values.map(String).join(' or '), value, at))
}

function list(kind: Kind): Kind {
  return (value, at) => {
    if (!Array.isArray(value)) return expected('a list', value, at)
    for (const [i, item] of value.entries()) kind(item, `${at}/${i}`)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function record(kind: Kind): Kind {
  return (value, at) => {
    if (!isRecord(value)) return expected('an object', value, at)
    for (const [key, item] of Object.entries(value)) kind(item, `${at}/${key}`)
  }
}

function fields(required: Readonly<Record<string, Kind>>, optional: Readonly<Record<string, Kind>> = {}): Kind {
  return (value, at) => {
    if (!isRecord(value)) return expected('an object', value, at)
    for (const key of Object.keys(required)) if (!Object.hasOwn(value, key)) throw new Error(`${at}: ${key} is missing`)
    for (const [key, item] of Object.entries(value)) {
      const kind = Object.hasOwn(required, key)
        ? required[key]
        : Object.hasOwn(optional, key)
          ? optional[key]
          : undefined
      if (kind === undefined) throw new Error(`${at}: unknown key ${JSON.stringify(key)}`)
      kind(item, `${at}/${key}`)
    }
  }
}

const answer = { reason: string, headers: record(string), vary: list(string) }
const decision = either(
  fields({ kind: oneOf('actual'), allowed: boolean, ...answer }, { ruleId: string }),
  fields({ kind: oneOf('preflight'), allowed: boolean, status: number, ...answer }, { ruleId: string }),
  fields({ kind: oneOf('non-cors'), ...answer }, { ruleId: string }),
)

const corpusCase = fields(
  {
    name: string,
    request: fields({ method: string, url: string, headers: record(either(string, list(string))) }),
    decision,
  },
  {
    rule: either(string, oneOf(false)),
    servedMethods: list(string),
    splitByMethod: oneOf(true),
    debug: oneOf(true),
    reads: boolean,
  },
)

const folds = ['caseSensitive', 'ignoreTrailingSlash', 'ignoreDuplicateSlashes', 'useSemicolonDelimiter']

const corpusFile = fields(
  { about: string, policy: anything, cases: list(corpusCase) },
  { router: fields({}, Object.fromEntries(folds.map((fold) => [fold, boolean]))), external: record(list(string)) },
)

function file(value: unknown, topic: string): asserts value is Omit<CorpusFile, 'topic'> {
  corpusFile(value, topic)
  if (isRecord(value) && Array.isArray(value.cases) && value.cases.length === 0) throw new Error(`${topic}: no cases`)
}
