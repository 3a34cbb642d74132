/** Two policies compared: no difference missed, none invented, each with a request that shows it. */
import { compilePolicy, type PolicyDocument, PolicyError } from '@safeconduct/core'
import { compare } from '@safeconduct/core/analysis'
import fc from 'fast-check'
import { policyPair } from '../../support/generate/pairs.js'
import { assertCompared } from '../../support/plain/differences.js'
import { area } from '../area.js'

export const compared = area<readonly PolicyDocument[]>({
  name: 'compare',
  about: 'what is said to differ differs, and nothing else does',
  inputs: fc.record({ pair: policyPair }).map(({ pair }) => [...pair]),
  check: ([before, after]) => {
    if (before === undefined || after === undefined || ![before, after].every(compiles)) return
    assertCompared(compare(compilePolicy(before), compilePolicy(after)), before, after)
  },
})

function compiles(document: PolicyDocument): boolean {
  try {
    compilePolicy(document)
    return true
  } catch (thrown) {
    if (thrown instanceof PolicyError) return false
    throw thrown
  }
}
