/** `:*` on a host of the network: any service there, whoever runs it. On loopback ports change daily; see `loopback-origin`. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { isLoopbackGlob, isLoopbackHost } from '../../pattern/host.js'
import type { OriginPattern } from '../../pattern/origin-pattern.js'
import type { LintedGrant } from '../linted.js'
import { sharedWith } from '../showing.js'

export function* anyPort(grant: LintedGrant): Iterable<Diagnostic> {
  const severity = grant.grant.credentials ? 'warning' : 'info'
  for (const { glob, at } of grant.origins) {
    if (glob.kind === 'exact' || glob.ports !== 'any' || isLoopbackOnly(glob)) continue
    const witness = sharedWith(grant, glob, 'app')
    if (witness) yield diagnose('any-port', at, [glob.text], { severity, witness })
  }
}

function isLoopbackOnly({ literalHosts, hosts }: OriginPattern): boolean {
  return literalHosts.every(isLoopbackHost) && hosts.every(isLoopbackGlob)
}
