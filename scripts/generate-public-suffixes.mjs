/**
 * Writes `packages/core/src/pattern/public-suffix-list.generated.ts`: the public suffix list as one string.
 *
 * The list comes from tldts, which ships it as the tables of a trie and gives no other way to all of its rules. Those
 * tables are internal to tldts, so nothing is believed: every rule read from them is asked back through tldts' public
 * interface, its version is pinned in package.json, and whatever looks otherwise than expected ends the build.
 *
 * tldts lists the parent of a wildcard rule as a rule of its own (`*.ck` and `ck`), as browsers do.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { domainToASCII } from 'node:url'

const require = createRequire(import.meta.url)
const { getPublicSuffix } = require('tldts')
const { version } = require('tldts/package.json')
const trie = require('tldts/dist/cjs/src/data/trie.js')

const target = new URL('../packages/core/src/pattern/public-suffix-list.generated.ts', import.meta.url)

const fail = (what) => {
  throw new Error(`tldts ${version}: ${what}; read its src/suffix-trie.ts again`)
}

/** The domains of the marked nodes below a root, in Unicode as the list has them. */
function domainsBelow(root) {
  const { nodeFlags, edgeStart, edgeLength, edgeChild, labelText } = trie
  const offsets = [0]
  for (const length of edgeLength) offsets.push(offsets.at(-1) + length)
  if (offsets.at(-1) !== labelText.length) fail('the lengths of its labels do not add up')
  const found = []
  const walk = (node, suffix) => {
    for (let edge = edgeStart[node]; edge < edgeStart[node + 1]; edge++) {
      const label = labelText.slice(offsets[edge], offsets[edge + 1])
      const domain = suffix === '' ? label : `${label}.${suffix}`
      if (nodeFlags[edgeChild[edge]] !== 0) found.push(domain)
      walk(edgeChild[edge], domain)
    }
  }
  walk(root, '')
  return found
}

/** A-labels throughout; a leading `*` stays. */
function ascii(rule) {
  const wild = rule.startsWith('*.')
  const domain = domainToASCII(wild ? rule.slice(2) : rule)
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(domain)) fail(`no rule: ${rule}`)
  return wild ? `*.${domain}` : domain
}

for (const part of ['nodeFlags', 'edgeStart', 'edgeLength', 'edgeChild', 'labelText', 'rulesRoot', 'exceptionsRoot'])
  if (trie[part] === undefined) fail(`it has no ${part}`)

const rules = [...new Set(domainsBelow(trie.rulesRoot).map(ascii))]
const exceptions = [...new Set(domainsBelow(trie.exceptionsRoot).map(ascii))]
const suffixOf = (host) => getPublicSuffix(host, { allowPrivateDomains: true })
if (rules.length < 9000 || exceptions.length === 0) fail(`${rules.length} rules, ${exceptions.length} exceptions`)
for (const rule of rules) {
  const host = rule.replace('*', 'any-label-at-all')
  if (suffixOf(host) !== host) fail(`${rule} is no public suffix`)
}
for (const exception of exceptions)
  if (suffixOf(exception) !== exception.slice(exception.indexOf('.') + 1)) fail(`${exception} is no exception`)

// The trie as text, the grammar of which stands in public-suffix.ts.
const root = { children: new Map() }
const plant = (rule, mark) => {
  let node = root
  for (const label of rule.split('.').reverse()) {
    if (!node.children.has(label)) node.children.set(label, { children: new Map() })
    node = node.children.get(label)
  }
  node.mark = mark
}
for (const rule of rules) plant(rule, '+')
for (const exception of exceptions) plant(exception, '!')

function written(node) {
  const labels = [...node.children.keys()].sort()
  return labels
    .map((label) => {
      const child = node.children.get(label)
      if (child.children.size === 0) return child.mark === '!' ? `${label}!` : label
      return `${label}${child.mark ?? ''}(${written(child)})`
    })
    .join(',')
}

const text = written(root)
writeFileSync(
  target,
  `/**
 * The public suffix list, both sections, as tldts ${version} has it; made by scripts/generate-public-suffixes.mjs.
 *
 * The list is Mozilla's (https://publicsuffix.org/), under the Mozilla Public License 2.0
 * (https://mozilla.org/MPL/2.0/), and is changed here in form only.
 */
export const publicSuffixList: string =
  '${text}'
`,
)
console.log(`public suffixes: ${rules.length} rules, ${exceptions.length} exceptions, ${text.length} characters`)
