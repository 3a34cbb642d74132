/**
 * An origin where strangers publish pages side by side, told apart by path only: all of them speak with it. Hosts that
 * give each customer a subdomain are named exactly, or are `public-suffix`.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { matchesOrigin } from '../../pattern/origin-index.js'
import { wildcardReach } from '../../pattern/reach.js'
import { parseOrigin } from '../../web/origin.js'
import type { LintedGrant, LintedOrigin } from '../linted.js'
import { allowedBy } from '../showing.js'

/** Playgrounds, previews of other people's files, archives, and object stores addressed by path. */
const sharedHosts: readonly string[] = [
  'cdpn.io',
  'codepen.io',
  'codesandbox.io',
  'fiddle.jshell.net',
  'htmlpreview.github.io',
  'ipfs.io',
  'jsbin.com',
  'jsfiddle.net',
  'null.jsbin.com',
  'output.jsbin.com',
  'plnkr.co',
  'raw.githack.com',
  'rawcdn.githack.com',
  'run.plnkr.co',
  's.codepen.io',
  's3.amazonaws.com',
  'storage.googleapis.com',
  'web.archive.org',
]

export function* sharedHostingOrigin(grant: LintedGrant): Iterable<Diagnostic> {
  const severity = grant.grant.credentials ? 'warning' : 'info'
  for (const { glob, at } of grant.origins) {
    const host = sharedHostOf(glob)
    const witness = host && allowedBy(grant, { origin: glob.kind === 'exact' ? glob.text : `https://${host}` })
    if (host && witness) yield diagnose('shared-hosting-origin', at, [glob.text, host], { severity, witness })
  }
}

function sharedHostOf(glob: LintedOrigin['glob']): string | undefined {
  if (glob.kind === 'exact') {
    if (glob.scheme !== 'https' && glob.scheme !== 'http') return undefined
    return sharedHosts.includes(glob.host) || isRegionOfS3(glob.host) ? glob.host : undefined
  }
  if (wildcardReach(glob) !== undefined) return undefined
  return sharedHosts.find((host) => {
    const origin = parseOrigin(`https://${host}`)
    return origin !== undefined && matchesOrigin(glob, origin)
  })
}

/** Path-style endpoints: `s3.eu-central-1.amazonaws.com`, `s3-eu-west-1.amazonaws.com`. A bucket's own host has a label more. */
function isRegionOfS3(host: string): boolean {
  return /^s3[.-](dualstack\.)?[a-z]{2}(-[a-z]+)+-[0-9]\.amazonaws\.com$/.test(host)
}
