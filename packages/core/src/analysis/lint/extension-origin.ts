/** Origins of browser extensions that name too many, too few or none. A Chromium extension with its id is left alone. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { ExtensionFault } from '../../lint-sentences.js'
import type { LintedGrant, LintedOrigin } from '../linted.js'
import { sharedWith } from '../showing.js'

export function* extensionOrigin(grant: LintedGrant): Iterable<Diagnostic> {
  for (const { glob, at } of grant.origins) {
    const fault = faultOf(glob)
    if (fault === undefined) continue
    const witness = sharedWith(grant, glob, 'abcdefghijklmnopabcdefghijklmnop')
    // Without credentials an extension reads nothing that it could not read with host permissions.
    const severity = fault === 'any' && !grant.grant.credentials ? 'info' : 'warning'
    if (witness) yield diagnose('extension-origin', at, [glob.text, fault], { severity, witness })
  }
}

/** Firefox and Safari make up an id for each installation. */
const perInstall: readonly string[] = ['moz-extension', 'safari-web-extension']
const chromium = 'chrome-extension'

function faultOf(glob: LintedOrigin['glob']): ExtensionFault | undefined {
  if (glob.kind === 'exact') {
    if (perInstall.includes(glob.scheme)) return 'per-install'
    return glob.scheme === chromium && !/^[a-p]{32}$/.test(glob.host) ? 'no-id' : undefined
  }
  const isExtension = glob.schemes.some((scheme) => scheme === chromium || perInstall.includes(scheme))
  return isExtension && glob.hosts.length > 0 ? 'any' : undefined
}
