/** What a reader makes of a text: the value, where each part of it stands, and what is wrong. */
import type { Diagnostic } from '../diagnostic.js'

/** Offsets are UTF-16 code units from the start of the text. */
export interface Place {
  readonly at: number
  /** Where the key of this member stands. */
  readonly key?: number
  /** Of a list or an object. */
  readonly below?: readonly Place[] | ReadonlyMap<string, Place>
}

export interface TextFault {
  readonly diagnostic: Diagnostic
  readonly at: number
}

export interface Reading {
  readonly value: unknown
  readonly place: Place
  readonly faults: readonly TextFault[]
}

/** Past this many a reader gives up. */
export const mostFaults = 50

/** Thrown within a reader, to give up. */
export const stop: symbol = Symbol('stop')

/** A member of a document, also where it is called `__proto__`: that is a key like any other, for `checkShape` to refuse. */
export function setMember(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}
