/** A waiver past its last day. It waives all the same, for a policy must not stop loading at midnight. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'

/** `today`: YYYY-MM-DD. `waived`: what the grant's waivers keep silent. */
export function* expiredAccept(
  { at, written }: LintedGrant,
  today: string,
  waived: readonly Diagnostic[],
): Iterable<Diagnostic> {
  for (const [i, { code, until }] of (written.accept ?? []).entries()) {
    if (until === undefined || until >= today) continue
    const witness = waived.find((d) => d.code === code)?.witness
    yield diagnose('expired-accept', `${at}/accept/${i}`, [code, until], { severity: 'warning', witness })
  }
}
