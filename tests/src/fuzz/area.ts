/** What is fuzzed: inputs, and what must hold of every one of them. */
import type fc from 'fast-check'

/** An input is plain JSON, so that it can be kept as a row of the corpus and tried again from there. */
export interface Area<T = unknown> {
  readonly name: string
  /** What holds, in a sentence. */
  readonly about: string
  readonly inputs: fc.Arbitrary<T>
  /** Throws where it does not hold. An input that says nothing (a policy that does not load) passes. */
  readonly check: (input: T) => void
  /** The input as a file of decided cases, which every program that has a CORS engine can run; where it can be said so. */
  readonly caseFile?: (input: T) => object | undefined
}

/** An area among others, whose inputs come out of a file. */
export function area<T>(one: Area<T>): Area {
  return one as unknown as Area
}
