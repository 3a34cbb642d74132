/**
 * The user's own machine, with credentials: whatever listens there, another project's development server as well as an
 * installed program, reads what the user may read. Without credentials it reads what it could fetch itself. Other schemes
 * (`capacitor://localhost`) only borrow the name.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { isLoopbackGlob, isLoopbackHost } from '../../pattern/host.js'
import type { LintedGrant, LintedOrigin } from '../linted.js'
import { sharedWith } from '../showing.js'

export function* loopbackOrigin(grant: LintedGrant): Iterable<Diagnostic> {
  if (!grant.grant.credentials) return
  for (const { glob, at } of grant.origins) {
    if (!isLoopback(glob)) continue
    const witness = sharedWith(grant, glob, 'app')
    if (witness) yield diagnose('loopback-origin', at, [glob.text], { severity: 'warning', witness })
  }
}

function isLoopback(glob: LintedOrigin['glob']): boolean {
  if (glob.kind === 'exact') return isWeb(glob.scheme) && isLoopbackHost(glob.host)
  if (!glob.schemes.some(isWeb)) return false
  return glob.literalHosts.some(isLoopbackHost) || glob.hosts.some(isLoopbackGlob)
}

function isWeb(scheme: string): boolean {
  return scheme === 'https' || scheme === 'http'
}
