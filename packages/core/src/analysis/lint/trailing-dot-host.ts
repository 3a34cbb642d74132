/**
 * A host that ends in a dot: to a browser another origin than the one without it, and nearly always a slip from a zone
 * file. Where the grant covers both, both are meant.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant, LintedOrigin } from '../linted.js'
import { decides, sharedWith } from '../showing.js'

export function* trailingDotHost(grant: LintedGrant): Iterable<Diagnostic> {
  for (const { glob, at } of grant.origins) {
    if (!endsInDot(glob)) continue
    const witness = sharedWith(grant, glob)
    if (!witness || decides(grant, withoutDot(witness.origin))) continue
    // Not offered as a fix: it would let in an origin that the policy does not.
    yield diagnose('trailing-dot-host', at, [glob.text, withoutDot(glob.text)], { severity: 'warning', witness })
  }
}

function endsInDot(glob: LintedOrigin['glob']): boolean {
  if (glob.kind === 'exact') return glob.host.endsWith('.')
  return (
    glob.literalHosts.some((host) => host.endsWith('.')) ||
    glob.hosts.some(([top]) => top?.kind === 'literal' && top.text === '')
  )
}

/** Of an origin or an origin glob, whose only dot before the port or the end is this one. */
function withoutDot(text: string): string {
  return text.replace(/\.(?=$|:[0-9*{])/, '')
}
