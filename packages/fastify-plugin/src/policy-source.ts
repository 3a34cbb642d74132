/** From what the user gave to a compiled policy, with what the check warns of. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  checkPolicy,
  compilePolicy,
  diagnosticLine,
  isPolicy,
  type Policy,
  type PolicyDocument,
  PolicyError,
  quote,
} from '@safeconduct/core'
import { proveInvariants } from '@safeconduct/core/analysis'
import { parsePolicy } from '@safeconduct/core/text'
import { SafeconductError } from './error.js'
import type { PolicySource } from './options.js'

export interface LoadedPolicy {
  readonly policy: Policy
  /** Lines of the diagnostics that are no errors. */
  readonly warnings: readonly string[]
}

/** @throws SafeconductError with every problem, each on a line of its own with file, line and column. */
export function loadPolicy(source: PolicySource): LoadedPolicy {
  try {
    if (isPolicy(source)) return { policy: kept(source), warnings: [] }
    const document = typeof source === 'string' || source instanceof URL ? readPolicy(source) : source
    const policy = compilePolicy(document)
    const warnings = checkPolicy(document).filter((d) => d.severity === 'warning')
    return { policy: kept(policy, document), warnings: warnings.map(diagnosticLine) }
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new SafeconductError('SAFECONDUCT_POLICY', `safeconduct: the policy does not load\n${error.message}`, error)
  }
}

/** The policy, which keeps its promises: a broken invariant is an error like any other. @throws PolicyError */
function kept(policy: Policy, document?: PolicyDocument): Policy {
  const broken = proveInvariants(policy, document)
  if (broken.length > 0) throw new PolicyError(broken)
  return policy
}

function readPolicy(source: string | URL): ReturnType<typeof parsePolicy> {
  let file = String(source)
  let text: string
  try {
    file = typeof source === 'string' ? source : fileURLToPath(source)
    text = readFileSync(file, 'utf8')
  } catch (error) {
    // What Node throws is an Error.
    const message = `safeconduct: the policy ${quote(file)} cannot be read: ${quote((error as Error).message)}`
    throw new SafeconductError('SAFECONDUCT_POLICY', message, error)
  }
  return parsePolicy(text, { file })
}
