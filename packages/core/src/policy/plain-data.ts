/**
 * A document as JSON would have it, copied, so that what follows meets data and nothing else: no getter that throws, no
 * proxy that answers differently the second time, no cycle, no inherited key, no list of four billion holes.
 *
 * As in `JSON.stringify`, a property that is `undefined` is absent, and symbols and inherited properties do not count.
 */
import { pointer } from '../diagnostic.js'

/** Levels of lists and objects, of text (`parsePolicy`) as well as of data. */
export const deepest = 64
/** As many values as the largest text could hold. */
const mostValues = 1 << 22
const mostFaults = 100

export type DataFaultKind =
  | 'not-data'
  | 'not-plain'
  | 'not-finite'
  | 'hole'
  | 'cycle'
  | 'too-deep'
  | 'too-many'
  | 'unreadable'

export interface DataFault {
  readonly kind: DataFaultKind
  readonly pointer: string
  /** For `not-data`: the type of the value. */
  readonly type: string
}

export interface PlainData {
  /** Own enumerable properties only, in objects without a prototype; `null` where a fault is. */
  readonly value: unknown
  readonly faults: readonly DataFault[]
  /** False where reading was given up: `value` is of no use then. */
  readonly complete: boolean
}

/** Total, whatever is handed in. */
export function plainData(document: unknown): PlainData {
  const reading: Reading = { path: [], ancestors: new Set(), values: 0, faults: [] }
  try {
    return { value: copy(document, reading), faults: reading.faults, complete: true }
  } catch (thrown) {
    // Whatever else was thrown is the document's own: a getter, a proxy.
    if (thrown !== givenUp) fault(reading, 'unreadable')
    return { value: undefined, faults: reading.faults, complete: false }
  }
}

interface Reading {
  /** Reference tokens of the value being read, pushed before it is touched. */
  readonly path: (string | number)[]
  readonly ancestors: Set<object>
  values: number
  readonly faults: DataFault[]
}

const givenUp = Symbol('given up')

function fault(reading: Reading, kind: DataFaultKind, type = ''): null {
  reading.faults.push({ kind, pointer: pointer(...reading.path), type })
  return null
}

function copy(value: unknown, reading: Reading): unknown {
  if (++reading.values > mostValues) {
    reading.path.length = 0
    fault(reading, 'too-many')
    throw givenUp
  }
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (reading.faults.length >= mostFaults) throw givenUp
  if (typeof value === 'number') return Number.isFinite(value) ? value : fault(reading, 'not-finite')
  if (typeof value !== 'object') return fault(reading, 'not-data', typeof value)
  if (reading.ancestors.has(value)) return fault(reading, 'cycle')
  if (reading.path.length >= deepest) return fault(reading, 'too-deep')
  reading.ancestors.add(value)
  const data = Array.isArray(value) ? copyList(value, reading) : copyObject(value, reading)
  reading.ancestors.delete(value)
  return data
}

function copyList(list: readonly unknown[], reading: Reading): unknown[] {
  const data: unknown[] = []
  const length = list.length
  for (let i = 0; i < length; i++) {
    reading.path.push(i)
    const item = list[i]
    if (item === undefined && reading.faults.length >= mostFaults) throw givenUp
    data.push(item === undefined ? fault(reading, 'hole') : copy(item, reading))
    reading.path.pop()
  }
  return data
}

function copyObject(object: object, reading: Reading): unknown {
  if (!isPlainObject(object)) return fault(reading, 'not-plain')
  const data: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(object)) {
    reading.path.push(key)
    const value = (object as Record<string, unknown>)[key]
    if (value !== undefined) data[key] = copy(value, reading)
    reading.path.pop()
  }
  return data
}

/** A prototype without a prototype is the `Object.prototype` of some realm, or as harmless. */
export function isPlainObject(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
