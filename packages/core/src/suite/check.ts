/** Everything that is wrong with a suite, before any test of it is run. */
import { parseUrl } from '../browser/url.js'
import { type Diagnostic, diagnose, PolicyError, pointer } from '../diagnostic.js'
import { parseOriginPattern } from '../pattern/origin-pattern.js'
import { located } from '../policy/check.js'
import { nearOneOf } from '../policy/near-key.js'
import { alternativeSentence, misplacedSentence, ruleSentence, urlSentence } from '../suite-sentences.js'
import { isHeaderName } from '../web/header-name.js'
import { isMethod, registeredSpelling } from '../web/method.js'
import { parseOrigin } from '../web/origin.js'
import { canonicalPath, isCanonicalPath } from '../web/path.js'
import type {
  CaseDocument,
  ExpectationDocument,
  FetchDocument,
  MatrixDocument,
  RequestDocument,
  RouteDocument,
  SuiteDocument,
} from './document.js'
import { readSuiteShape } from './shape.js'

/**
 * Every problem of a suite at once; empty for a flawless one. Never throws, whatever the value. A suite that came from
 * `parseSuite` gives positions. Whether its expectations are met is for `runSuite` to say.
 */
export function checkSuite(suite: unknown): Diagnostic[] {
  return [...readSuite(suite).diagnostics]
}

/** The suite as plain data, none of which is in doubt. @throws PolicyError with every problem. */
export function checkedSuite(suite: SuiteDocument): SuiteDocument {
  const { diagnostics, value } = readSuite(suite)
  if (value === undefined) throw new PolicyError(diagnostics)
  return value
}

interface SuiteReading {
  readonly diagnostics: readonly Diagnostic[]
  /** Undefined if anything is wrong. */
  readonly value: SuiteDocument | undefined
}

function readSuite(document: unknown): SuiteReading {
  const { diagnostics, value } = readSuiteShape(document)
  if (diagnostics.length > 0) return { diagnostics: located(document, diagnostics), value: undefined }
  const suite = value as SuiteDocument
  const found = [...externalFaults(suite), ...matrixFaults(suite), ...caseFaults(suite), ...nameFaults(suite)]
  return { diagnostics: located(document, found), value: found.length === 0 ? suite : undefined }
}

function* nameFaults({ matrices = [], cases = [] }: SuiteDocument): Iterable<Diagnostic> {
  const first = new Map<string, string>()
  const named = [
    ...matrices.map(({ name }, i) => [name, `/matrices/${i}`] as const),
    ...cases.map(({ name }, i) => [name, `/cases/${i}`] as const),
  ]
  for (const [name, at] of named) {
    const before = first.get(name)
    if (before === undefined) first.set(name, at)
    else yield diagnose('duplicate-name', `${at}/name`, [name, before])
  }
}

function* externalFaults({ external = {} }: SuiteDocument): Iterable<Diagnostic> {
  for (const [group, origins] of Object.entries(external)) {
    for (const [i, text] of origins.entries()) yield* originFaults(text, pointer('external', group, i), false)
  }
}

function* matrixFaults({ matrices = [] }: SuiteDocument): Iterable<Diagnostic> {
  for (const [i, matrix] of matrices.entries()) {
    const at = `/matrices/${i}`
    for (const [j, text] of matrix.origins.entries()) yield* originFaults(text, `${at}/origins/${j}`, true)
    for (const [j, text] of matrix.paths.entries()) yield* pathFaults(text, `${at}/paths/${j}`)
    for (const [j, text] of matrix.methods.entries()) yield* methodFaults(text, `${at}/methods/${j}`)
    yield* routeFaults(matrix, at)
    yield* cellFaults(matrix, at)
  }
}

function* cellFaults(matrix: MatrixDocument, at: string): Iterable<Diagnostic> {
  const known = { origins: new Set(matrix.origins), paths: new Set(matrix.paths), methods: new Set(matrix.methods) }
  let faults = 0
  for (const [i, cells] of matrix.allow.entries()) {
    for (const list of ['origins', 'paths', 'methods'] as const) {
      for (const [j, text] of (cells[list] ?? []).entries()) {
        if (known[list].has(text)) continue
        const near = nearOneOf(text, () => matrix[list], faults++)
        yield diagnose('unknown-cell', `${at}/allow/${i}/${list}/${j}`, [text, list, near])
      }
    }
  }
}

function* caseFaults({ cases = [] }: SuiteDocument): Iterable<Diagnostic> {
  for (const [i, each] of cases.entries()) {
    const at = `/cases/${i}`
    yield* alternatives(each, at, ['request', 'fetch'])
    if (each.request !== undefined) yield* requestFaults(each.request, `${at}/request`)
    if (each.fetch !== undefined) yield* fetchFaults(each.fetch, `${at}/fetch`)
    yield* expectationFaults(each, `${at}/expect`)
  }
}

function* requestFaults(request: RequestDocument, at: string): Iterable<Diagnostic> {
  yield* alternatives(request, at, ['path', 'url'])
  if (request.path !== undefined) yield* pathFaults(request.path, `${at}/path`)
  if (typeof request.requestHeaders === 'object') yield* nameFaultsIn(request.requestHeaders, `${at}/requestHeaders`)
  yield* routeFaults(request, at)
}

function* fetchFaults(fetch: FetchDocument, at: string): Iterable<Diagnostic> {
  yield* alternatives(fetch, at, ['path', 'url'])
  yield* originFaults(fetch.from, `${at}/from`, true)
  if (fetch.path !== undefined) yield* pathFaults(fetch.path, `${at}/path`)
  if (fetch.url !== undefined && !isHttpUrl(fetch.url)) yield diagnose('schema', `${at}/url`, [urlSentence(fetch.url)])
  for (const name of Object.keys(fetch.headers ?? {})) {
    if (!isHeaderName(name)) yield diagnose('invalid-header-name', `${at}/headers${pointer(name)}`, [name])
  }
  yield* routeFaults(fetch, at)
}

const ofRequests = ['outcome', 'status', 'headers', 'vary'] as const
const ofFetches = ['readable', 'exposed', 'preflight'] as const
const counterparts: Partial<Readonly<Record<keyof ExpectationDocument, string>>> = {
  outcome: 'readable',
  readable: 'outcome',
}

function* expectationFaults({ request, expect }: CaseDocument, at: string): Iterable<Diagnostic> {
  const [subject, foreign] =
    request === undefined ? (['fetch', ofRequests] as const) : (['request', ofFetches] as const)
  for (const key of foreign) {
    if (expect[key] !== undefined)
      yield diagnose('schema', `${at}/${key}`, [misplacedSentence(key, subject, counterparts[key])])
  }
  yield* ruleFaults(expect.rule, `${at}/rule`)
  yield* nameFaultsIn(expect.vary ?? [], `${at}/vary`)
  yield* nameFaultsIn(expect.exposed ?? [], `${at}/exposed`)
  for (const name of Object.keys(expect.headers ?? {})) {
    if (!isHeaderName(name)) yield diagnose('invalid-header-name', `${at}/headers${pointer(name)}`, [name])
  }
}

function* alternatives<T extends object>(
  value: T,
  at: string,
  keys: readonly [keyof T & string, keyof T & string],
): Iterable<Diagnostic> {
  const count = keys.filter((key) => value[key] !== undefined).length
  if (count !== 1) yield diagnose('schema', at, [alternativeSentence(at, keys, count === 2)])
}

function* routeFaults({ rule, servedMethods = [] }: RouteDocument, at: string): Iterable<Diagnostic> {
  yield* ruleFaults(rule, `${at}/rule`)
  for (const [i, method] of servedMethods.entries()) yield* methodFaults(method, `${at}/servedMethods/${i}`)
}

function* ruleFaults(rule: unknown, at: string): Iterable<Diagnostic> {
  if (rule === true) yield diagnose('schema', at, [ruleSentence(at)])
}

/** What a browser may send passes, also where it would be no origin for a policy. */
function* originFaults(text: string, at: string, mayBeOpaque: boolean): Iterable<Diagnostic> {
  if (text === 'null' && mayBeOpaque) return
  const glob = parseOriginPattern(text)
  if (text === '*' || text.startsWith('@') || ('kind' in glob && glob.kind === 'pattern')) {
    yield diagnose('not-concrete', at, [text, 'origin'])
  } else if ('fault' in glob && !(parseOrigin(text) !== undefined && !/[*{}]/.test(text))) {
    yield diagnose('invalid-origin', at, [text, glob.fault, glob.at, glob.fix], { fix: glob.fix })
  }
}

function* pathFaults(text: string, at: string): Iterable<Diagnostic> {
  if (/[*{}]/.test(text)) yield diagnose('not-concrete', at, [text, 'path'])
  else if (!isCanonicalPath(text)) {
    const fix = canonicalPath(text.startsWith('/') ? text : `/${text}`)
    yield diagnose('path-not-canonical', at, [text, fix], { fix })
  }
}

function* methodFaults(text: string, at: string): Iterable<Diagnostic> {
  const meant = registeredSpelling(text)
  if (text === '*') yield diagnose('not-concrete', at, [text, 'method'])
  else if (!isMethod(text)) yield diagnose('invalid-method', at, [text])
  else if (meant !== undefined) yield diagnose('method-case', at, [text, meant], { fix: meant })
}

function* nameFaultsIn(names: readonly string[], at: string): Iterable<Diagnostic> {
  for (const [i, name] of names.entries())
    if (!isHeaderName(name)) yield diagnose('invalid-header-name', `${at}/${i}`, [name])
}

function isHttpUrl(text: string): boolean {
  try {
    const scheme = parseUrl(text)?.scheme
    return scheme === 'http' || scheme === 'https'
  } catch {
    return false
  }
}
