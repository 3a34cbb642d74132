/** What would have matched, had one thing been otherwise: a scheme, a port, a label, a slash, a letter. */
import { decidingHit } from '../evaluate/deciding.js'
import { nearWord } from '../policy/near-key.js'
import type { CompiledPolicy, CompiledRule } from '../policy/policy.js'
import { maxOriginLength, parseOrigin } from '../web/origin.js'

const most = 5

const wwwLabel = 'with `www.`'
const deeperLabel = 'one label deeper'

/** Changes of an origin that people get wrong, and what each is called. */
function* variantsOfOrigin(origin: string): Iterable<readonly [what: string, variant: string]> {
  // A client's text may be a run of slashes as long as its headers.
  if (origin.length > 2 * maxOriginLength) return
  const trimmed = origin.trim().replace(/\/+$/, '')
  if (trimmed !== origin) yield ['without the slash or blank at its end', trimmed]
  const lower = trimmed.toLowerCase()
  if (lower !== trimmed) yield ['in lower case', lower]
  const { scheme, host, port } = parseOrigin(lower) ?? {}
  if (scheme === undefined || host === undefined) return
  const suffix = port === '' ? '' : `:${port}`
  if (scheme === 'http') yield ['by https', `https://${host}${suffix}`]
  if (scheme === 'https') yield ['by http', `http://${host}${suffix}`]
  if (suffix !== '') yield ['without the port', `${scheme}://${host}`]
  if (host.endsWith('.')) yield ['without the trailing dot', `${scheme}://${host.slice(0, -1)}${suffix}`]
  if (host.startsWith('www.')) yield ['without `www.`', `${scheme}://${host.slice(4)}${suffix}`]
  else yield [wwwLabel, `${scheme}://www.${host}${suffix}`]
  const labels = host.split('.')
  if (labels.length > 2) yield ['one label higher', `${scheme}://${labels.slice(1).join('.')}${suffix}`]
  yield [deeperLabel, `${scheme}://x.${host}${suffix}`]
}

/** Origins close by that the rule does grant, and globs that would match with `**` for `*`. */
export function originNearMisses(rule: CompiledRule, origin: string): readonly string[] {
  const granted = (variant: string): boolean => {
    const hit = parseOrigin(variant) && decidingHit(rule, variant)
    return typeof hit === 'object' && hit !== rule.anyone
  }
  const close = [...variantsOfOrigin(origin)].filter(([, variant]) => granted(variant))
  const isBelow = close.some(([what]) => what === deeperLabel)
  const variants = close
    // Where all that is below is covered, `www.` is nothing of its own.
    .filter(([what, variant]) => what !== wwwLabel || !isBelow || rule.hits.some(({ text }) => text === variant))
    .map(([what, variant]) =>
      what === deeperLabel
        ? `the grant covers what is below ${origin}, not ${origin} itself`
        : `${variant} (${what}) is granted`,
    )
  const listed = rule.hits.slice(0, 10_000).map(({ text }) => text)
  const typo = nearWord(origin, listed)
  const typos =
    typo === undefined || variants.some((v) => v.startsWith(typo)) ? [] : [`${typo} is granted, and looks alike`]
  return [...variants, ...deeper(rule, origin), ...typos].slice(0, most)
}

/** `https://a.b.example.com` would match `https://**.example.com`. */
function deeper(rule: CompiledRule, origin: string): string[] {
  const { scheme, host, port } = parseOrigin(origin) ?? {}
  if (scheme === undefined || host === undefined) return []
  return rule.originGlobs.flatMap(({ text, schemes, ports }) => {
    const [, tail] = /:\/\/\*\.([^:]*)/.exec(text) ?? []
    const fits = tail !== undefined && schemes.includes(scheme) && (ports === 'any' || ports.includes(port ?? ''))
    return fits && host.endsWith(`.${tail}`) ? [`${origin} would match ${text.replace('://*.', '://**.')}`] : []
  })
}

/** Paths close by that have a rule. */
export function pathNearMisses(policy: CompiledPolicy, path: string): readonly string[] {
  const variants: readonly (readonly [string, string])[] = [
    path.endsWith('/') ? ['without the trailing slash', path.slice(0, -1)] : ['with a trailing slash', `${path}/`],
    ['in lower case', path.toLowerCase()],
    ['one segment deeper', `${path.replace(/\/$/, '')}/x`],
    ['one segment higher', path.slice(0, Math.max(1, path.replace(/\/$/, '').lastIndexOf('/')))],
    ...respelt(policy, path),
  ]
  return variants.flatMap(([what, variant]) => {
    const entry = variant === path || variant === '' ? undefined : policy.pathIndex.entry(variant)
    return entry ? [`${variant} (${what}) has rule ${entry.value}, by ${entry.pattern.text}`] : []
  })
}

/** A path that is looked at for misspelt segments has no more of them, and no longer ones. */
const mostSegments = 8
const longestSegment = 64
/** So many words of globs are held against each. */
const mostWords = 1000

/** With one segment as globs spell it. */
function respelt(policy: CompiledPolicy, path: string): (readonly [string, string])[] {
  const segments = path.split('/', mostSegments + 2)
  if (segments.length > mostSegments + 1 || segments.some(({ length }) => length > longestSegment)) return []
  const globs = policy.rules.slice(0, mostWords).flatMap(({ patterns }) => patterns.map(({ text }) => text))
  const words = [...new Set(globs.flatMap((text) => text.split('/').filter((word) => /^[^*{]+$/.test(word))))]
  return segments.flatMap((segment, i) => {
    const near = segment === '' ? undefined : nearWord(segment, words.slice(0, mostWords))
    if (near === undefined || near === segment) return []
    return [[`with ${near} for ${segment}`, segments.with(i, near).join('/')] as const]
  })
}

/** Methods are case-sensitive, and only six of them are normalized by browsers. */
export function methodNearMisses(allowed: readonly string[], method: string): readonly string[] {
  const twin = allowed.find((name) => name.toLowerCase() === method.toLowerCase())
  return twin === undefined ? [] : [`${twin} is allowed: methods are case-sensitive`]
}

export function nameNearMisses(granted: readonly string[], name: string): readonly string[] {
  if (name === 'authorization' && granted.includes('*')) return ['`*` covers authorization only where it is listed too']
  const near = nearWord(name, granted)
  return near === undefined ? [] : [`${near} is granted, and looks alike`]
}
