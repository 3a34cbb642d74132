/**
 * The shape of a document: which keys, which kinds of values. What the texts in it mean is judged elsewhere.
 *
 * The published schema does the judging, compiled ahead of time, on a copy of the document that is plain data. Here its
 * findings become diagnostics: one for each fault, in words that know nothing of JSON Schema.
 */
import { type Diagnostic, diagnose, pointer } from '../diagnostic.js'
import { dataSentence, policyWords, restSentence, type ShapeWords } from '../shape-sentences.js'
import { nearKey } from './near-key.js'
import { plainData } from './plain-data.js'
import { field, fieldsOf } from './read.js'
import type { ShapeError, ShapeValidator } from './shape-error.js'
import { shapeFault } from './shape-fault.js'
import { errorLimit, keysAt, validateShape } from './shape-validator.generated.js'

const mostDiagnostics = 100

/** A kind of document: its schema, compiled, and the words in which its faults are told. */
export interface DocumentShape {
  readonly validate: ShapeValidator
  /** The keys that an object may have, by its place in the schema. */
  readonly keysAt: Readonly<Record<string, readonly string[]>>
  readonly words: ShapeWords
  /** Where a key belongs that stands elsewhere: the first of these places that has it. */
  readonly homes: readonly (readonly [place: string, name: string])[]
  /** Where a key belongs that documents of another kind have. */
  readonly foreign: Readonly<Record<string, string>>
}

export interface ShapeReading {
  readonly diagnostics: readonly Diagnostic[]
  /** The document as plain data that nobody else holds; undefined where it could not be read to its end. */
  readonly value: unknown
}

/** Every fault of a policy's shape, all of them errors; at most 100, the last of which says how many more there are. Never throws. */
export function checkShape(document: unknown): Diagnostic[] {
  return [...readShape(document).diagnostics]
}

/** The same, with what was read: to be judged further instead of the document, which may answer otherwise next time. */
export function readShape(document: unknown, shape: DocumentShape = policyShape): ShapeReading {
  const { value, faults, complete } = plainData(document)
  const found = faults.map((fault) => diagnose('schema', fault.pointer, [dataSentence(fault, shape.words)]))
  if (!complete) return { diagnostics: shortened(found, found.length > 1), value: undefined }
  if (shape.validate(value)) return { diagnostics: shortened(found, false), value }
  const errors = shape.validate.errors ?? []
  const places = new Set(faults.map((fault) => fault.pointer))
  found.push(...faultsOf(shape, errors, value).filter((d) => !places.has(d.pointer)))
  return { diagnostics: shortened(found, errors.length >= errorLimit), value }
}

/** `stopped`: there are more faults than were found. */
function shortened(found: readonly Diagnostic[], stopped: boolean): Diagnostic[] {
  if (found.length <= mostDiagnostics && !stopped) return [...found]
  const shown = found.slice(0, mostDiagnostics - 1)
  return [...shown, diagnose('schema', '', [restSentence(found.length - shown.length, stopped)])]
}

function faultsOf(shape: DocumentShape, errors: readonly ShapeError[], document: unknown): Diagnostic[] {
  const { keysAt, words } = shape
  // A misspelled key is unknown and another one missing: telling of the first is enough.
  const meant = new Set<string>()
  const missing = missingKeys(errors)
  const found: Diagnostic[] = []
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue
    const key = String(error.params.additionalProperty)
    const place = error.schemaPath.slice(0, -'/additionalProperties'.length)
    const at = error.instancePath
    const absent = missing.get(at) ?? []
    const below = at === '' ? fieldsOf(field(document, key)) : {}
    const wrapped = absent.filter((name) => Object.hasOwn(below, name))
    for (const name of wrapped) meant.add(`/${name}`)
    if (wrapped.length > 0) {
      found.push(diagnose('unknown-key', pointer(key), [key, undefined, `the ${words.document} itself`, true]))
      continue
    }
    const near = Object.hasOwn(shape.foreign, key) ? undefined : nearKey(key, keysAt[place] ?? [], absent)
    if (near !== undefined) meant.add(`${at}/${near}`)
    const home = near === undefined ? homeOf(shape, key) : undefined
    found.push(diagnose('unknown-key', at + pointer(key), [key, near, home]))
  }
  for (const error of errors) {
    const { keyword, instancePath, params } = error
    // ajv says first which name is at fault, and then that one is.
    if (keyword === 'additionalProperties' || keyword === 'propertyNames') continue
    if (keyword === 'required' && meant.has(`${instancePath}/${params.missingProperty}`)) continue
    found.push(shapeFault(error, document, words))
  }
  return found
}

const rule = '#/properties/rules/items'
const grant = `${rule}/properties/allow/items`
const homes: readonly (readonly [place: string, name: string])[] = [
  [grant, 'a grant (an entry of `allow`)'],
  [rule, 'a rule'],
  ['#', 'the policy itself'],
  [`${grant}/properties/accept/items`, 'a waiver (an entry of `accept`)'],
  ['#/properties/invariants/items', 'an invariant'],
]

const suite = 'a suite, which is a file of its own'
const foreign = { cases: suite, matrices: suite }

const policyShape: DocumentShape = { validate: validateShape, keysAt, words: policyWords, homes, foreign }

/** Where a key belongs that exists elsewhere. */
function homeOf({ homes, keysAt, foreign }: DocumentShape, key: string): string | undefined {
  const home = homes.find(([place]) => keysAt[place]?.includes(key))?.[1]
  return home ?? (Object.hasOwn(foreign, key) ? foreign[key] : undefined)
}

/** By the place of an object, the keys that it has to have and has not. */
function missingKeys(errors: readonly ShapeError[]): ReadonlyMap<string, readonly string[]> {
  const missing = new Map<string, readonly string[]>()
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'required') continue
    missing.set(instancePath, [...(missing.get(instancePath) ?? []), String(params.missingProperty)])
  }
  return missing
}
