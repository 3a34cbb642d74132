/** Promises: one holds if and only if no request breaks it, and what breaks it is shown. */
import { compilePolicy, type PolicyDocument, PolicyError } from '@safeconduct/core'
import { prove, type Query } from '@safeconduct/core/analysis'
import fc from 'fast-check'
import { smallPolicy, smallQuery } from '../../support/generate/pairs.js'
import { assertProved } from '../../support/plain/promises.js'
import { area } from '../area.js'

interface Input {
  readonly document: PolicyDocument
  readonly never: Query
}

export const proofs = area<Input>({
  name: 'prove',
  about: 'a promise holds if and only if no request breaks it',
  inputs: fc.record({ document: smallPolicy, never: smallQuery }),
  check: ({ document, never }) => {
    try {
      // A promise that cannot be made is told of where a policy is loaded.
      compilePolicy({ ...document, invariants: [{ id: 'promise', never }] })
    } catch (thrown) {
      if (thrown instanceof PolicyError) return
      throw thrown
    }
    assertProved(prove(compilePolicy(document), never), document, never)
  },
})
