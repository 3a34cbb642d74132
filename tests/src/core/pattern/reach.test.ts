/** How far the wildcards of an origin glob reach, with a host that shows it. */
import assert from 'node:assert/strict'
import { matchesOrigin } from '../../../../packages/core/dist/pattern/origin-index.js'
import { type OriginPattern, parseOriginPattern } from '../../../../packages/core/dist/pattern/origin-pattern.js'
import { isPublicSuffix } from '../../../../packages/core/dist/pattern/public-suffix.js'
import { wildcardReach } from '../../../../packages/core/dist/pattern/reach.js'
import { parseOrigin } from '../../../../packages/core/dist/web/origin.js'
import { type Row, table } from '../../support/table.js'

function patternOf(text: string): OriginPattern {
  const found = parseOriginPattern(text)
  if ('fault' in found || found.kind === 'exact') throw new Error(`${text} is no pattern`)
  return found
}

/** The witness is an origin that the glob matches. */
function reaches(
  kind: 'any-site' | 'public-suffix',
  rows: readonly (readonly [glob: string, suffix?: string])[],
): Row[] {
  return rows.map(([glob, suffix]) => [
    `${glob} reaches ${kind === 'any-site' ? 'every site' : `names under '${suffix}'`}`,
    () => {
      const pattern = patternOf(glob)
      const reach = wildcardReach(pattern)
      assert.equal(reach?.kind, kind)
      if (reach?.kind === 'public-suffix') assert.equal(reach.suffix, suffix)
      const witness = parseOrigin(reach?.witness ?? '')
      assert.ok(witness !== undefined && matchesOrigin(pattern, witness), reach?.witness)
    },
  ])
}

function staysWithin(globs: readonly string[]): Row[] {
  return globs.map((glob) => [
    `${glob} stays within one site`,
    () => assert.equal(wildcardReach(patternOf(glob)), undefined),
  ])
}

/** The host says what would be registered, in the place where the glob lets it be. */
function shownBy(rows: readonly (readonly [glob: string, witness: string])[]): Row[] {
  return rows.map(([glob, witness]) => [
    `${glob} is shown by ${witness}`,
    () => assert.equal(wildcardReach(patternOf(glob))?.witness, witness),
  ])
}

/** Of several suffixes that are reached, one is named. */
function reachesBelow(domain: string, globs: readonly string[]): Row[] {
  return globs.map((glob) => [
    `${glob} reaches a public suffix below ${domain}`,
    () => {
      const reach = wildcardReach(patternOf(glob))
      assert.ok(reach?.kind === 'public-suffix' && isPublicSuffix(reach.suffix) && reach.suffix.endsWith(`.${domain}`))
      assert.ok(
        matchesOrigin(patternOf(glob), parseOrigin(reach.witness) ?? { scheme: '', host: '', port: '' }),
        reach.witness,
      )
    },
  ])
}

table('the reach of a wildcard', [
  ...shownBy([
    ['https://**', 'https://evil.example'],
    ['https://*.*', 'https://evil.example'],
    ['https://*.*.*', 'https://x.evil.example'],
    ['https://a*.*.*', 'https://aevil.evil.example'],
    ['https://*.*.', 'https://evil.example.'],
    ['https://**.www.*.*', 'https://x.www.evil.example'],
    ['https://**:8443', 'https://evil.example:8443'],
    ['https://*', 'https://example'],
    ['https://www.example.*', 'https://www.example.example'],
    ['https://*.com', 'https://evil.com'],
    ['https://**.com', 'https://evil.com'],
    ['https://x.*.com.', 'https://x.evil.com.'],
    ['https://*.*.vercel.app', 'https://x.evil.vercel.app'],
    ['https://pr-*.vercel.app', 'https://pr-evil.vercel.app'],
    ['https://*.{com,net}', 'https://evil.com'],
  ]),
  ...reachesBelow('amazonaws.com', [
    'https://**.amazonaws.com',
    'https://*.*.amazonaws.com',
    'https://app-*.*.amazonaws.com',
  ]),
  ...reaches('any-site', [
    ['https://**'],
    ['http://**'],
    ['https://*.*'],
    ['https://*.*.*'],
    ['https://**.*'],
    ['https://**.*.*'],
    ['https://www.*.*'],
    ['https://a*.*.*'],
    ['https://**.www.*.*'],
    ['https://**.'],
    ['https://*.*.'],
    ['https://**:*'],
    ['https://**:8443'],
    ['https://*.*:{8443,9443}'],
    ['{http,https}://**:*'],
    ['{http,https}://*.*'],
  ]),
  // The root, as it were: whoever gets any name, or a name of a certain form.
  ...reaches('public-suffix', [
    ['https://*', ''],
    ['https://example.*', ''],
    ['https://*.c*', ''],
    ['https://a*.*', ''],
    ['https://**.c*', ''],
    ['https://www.example.*', ''],
  ]),
  // Registries.
  ...reaches('public-suffix', [
    ['https://*.com', 'com'],
    ['https://**.com', 'com'],
    ['https://*.*.com', 'com'],
    ['https://www.*.com', 'com'],
    ['https://a*.com', 'com'],
    ['https://*-shop.com', 'com'],
    ['https://*.co.uk', 'co.uk'],
    ['https://**.co.uk', 'co.uk'],
    ['https://*.uk', 'uk'],
    ['https://*.{com,net}', 'com'],
    ['https://*.com.', 'com'],
    ['{http,https}://*.com:*', 'com'],
    ['http://*.de:8080', 'de'],
    ['https://*.xn--p1ai', 'xn--p1ai'],
    ['https://*.za', 'za'],
    ['https://*.anything.ck', 'anything.ck'],
  ]),
  // Owners who give names away.
  ...reaches('public-suffix', [
    ['https://*.vercel.app', 'vercel.app'],
    ['https://pr-*.vercel.app', 'vercel.app'],
    ['https://*-team.vercel.app', 'vercel.app'],
    ['https://**.vercel.app', 'vercel.app'],
    ['https://*.github.io', 'github.io'],
    ['https://*.pages.dev', 'pages.dev'],
    ['https://*.herokuapp.com', 'herokuapp.com'],
    ['https://*.s3.amazonaws.com', 's3.amazonaws.com'],
    // Not under a suffix, but down to one.
    ['https://*.s3*.amazonaws.com', 's3.amazonaws.com'],
    ['https://**.s3*.amazonaws.com', 's3.amazonaws.com'],
    ['https://bucket-*.s3*.amazonaws.com', 's3.amazonaws.com'],
  ]),
  ...staysWithin([
    'https://*.example.com',
    'https://**.example.com',
    'https://*.foo.vercel.app',
    'https://**.foo.vercel.app',
    'https://pr-*.foo.vercel.app',
    'https://*.example.co.uk',
    'https://*.www.ck',
    'https://*.a.anything.ck',
    'https://*.amazonaws.com',
    'https://pr-*.team-*.amazonaws.com',
    'https://bucket.s3*.amazonaws.com',
    'https://pr-*.preview.example.com',
    // Names of one owner, that no list of registries has.
    'https://*.internal',
    'https://*.intranet',
    'https://*.corp.lan',
    'http://*.localhost',
    'http://*.localhost:*',
    'https://*.test',
    // Without wildcards.
    'https://{a,b}.example.com',
    'https://{a,b}.vercel.app',
    'https://{a,b}.com',
    'https://example.com:*',
    'http://127.0.0.1:*',
    // Hosts of these schemes are no domains.
    'chrome-extension://*',
    'capacitor://**',
    'app://*.*',
  ]),
])
