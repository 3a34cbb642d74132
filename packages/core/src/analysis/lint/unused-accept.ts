/** A waiver of what is not raised: the fault was mended, or moved, and the next reader is misled. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'

/** `raised`: the codes that are raised on the grant, waived or not. */
export function* unusedAccept({ at, written }: LintedGrant, raised: ReadonlySet<string>): Iterable<Diagnostic> {
  for (const [i, { code }] of (written.accept ?? []).entries()) {
    if (!raised.has(code))
      yield diagnose('unused-accept', `${at}/accept/${i}`, [code], { severity: 'warning', remove: true })
  }
}
