/**
 * Request target → the path that Fastify's router (find-my-way) holds against its routes.
 *
 * A policy by path is only as good as this agreement: where the policy reads one path and the router another, a request
 * is decided by a rule that is not its route's. So this file decodes what the router decodes, cuts and folds where it
 * does, in its order; and whatever some other party could still read as another path (dot segments, backslashes, NUL)
 * has no canonical path at all. Nobody is allowed anything there.
 *
 * A canonical path starts with "/"; has no NUL, no backslash, no "?" and no "#"; has no segment "." or "..", not even
 * where `%2F` is taken for a slash; its only escapes are the ones that the router keeps, in upper-case hex.
 *
 * Not `new URL`: it resolves dot segments, and so moves the request to a path that the router never sees.
 */

/** How the application's router folds paths. The names and meanings are those of Fastify's `routerOptions`. */
export interface RouterOptions {
  /** Default true. */
  readonly caseSensitive?: boolean
  /** Default false. */
  readonly ignoreTrailingSlash?: boolean
  /** Default false. */
  readonly ignoreDuplicateSlashes?: boolean
  /** `;` ends the path, as `?` does. Default false. */
  readonly useSemicolonDelimiter?: boolean
}

/** Four times what Node admits for a whole header section by default. A longer path is refused, so that work is bounded. */
export const longestPath = 65_536

/**
 * The canonical path of a request target (RFC 9112, section 3.2: origin-form, or absolute-form with http or https);
 * `undefined`: refused. Total, and linear in the length of the target. `canonicalPath(p) === p` for every canonical `p`
 * (under options that fold: once folded; like the router, it takes off one trailing slash at a time).
 */
export function canonicalPath(url: string, options: RouterOptions = {}): string | undefined {
  const target = url.charCodeAt(0) === slash ? url : originForm(url)
  if (target === undefined) return undefined
  const semicolonEnds = options.useSemicolonDelimiter === true
  const end = canonicalLength(target, semicolonEnds)
  const path = end === -1 ? decodedPath(target, semicolonEnds) : target.slice(0, end)
  return path === undefined ? undefined : folded(path, options)
}

/** Whether a path is as `canonicalPath` leaves it, that is `canonicalPath(path) === path`. */
export function isCanonicalPath(path: string): boolean {
  return path.charCodeAt(0) === slash && canonicalLength(path, false) === path.length
}

const hash = 0x23
const percent = 0x25
const dot = 0x2e
const slash = 0x2f
const semicolon = 0x3b
const questionMark = 0x3f
const backslash = 0x5c

/** How much of a target, up to its end or the delimiter that ends its path, is a canonical path; -1: that part is not one. */
function canonicalLength(target: string, semicolonEnds: boolean): number {
  const length = Math.min(target.length, longestPath + 1)
  for (let i = 0; i < length; i++) {
    const code = target.charCodeAt(i)
    if (code > backslash) continue
    if (code === questionMark || code === hash || (code === semicolon && semicolonEnds)) return i
    if (code === backslash || code === 0) return -1
    if (code === percent && !keptEscapes.has(target.slice(i, i + 3))) return -1
    if (code === dot && isDotSegment(target, i, semicolonEnds)) return -1
  }
  return length > longestPath ? -1 : length
}

/** Whether a segment "." or ".." starts here, an escaped slash counted as a separator too. */
function isDotSegment(text: string, start: number, semicolonEnds: boolean): boolean {
  if (text.charCodeAt(start - 1) !== slash && !text.startsWith('%2F', start - 3)) return false
  const end = text.charCodeAt(start + 1) === dot ? start + 2 : start + 1
  const code = text.charCodeAt(end)
  return (
    end === text.length ||
    code === slash ||
    code === questionMark ||
    code === hash ||
    (code === semicolon && semicolonEnds) ||
    text.startsWith('%2F', end)
  )
}

/** What the router leaves escaped: the characters that `decodeURI` reserves, and "%" itself. */
const keptEscapes: ReadonlySet<string> = new Set(
  ['23', '24', '25', '26', '2B', '2C', '2F', '3A', '3B', '3D', '3F', '40'].map((hex) => `%${hex}`),
)

/** Lower-case spellings of kept escapes. The router takes both spellings for one. */
const upperCased: readonly (readonly [string, string])[] = [...keptEscapes]
  .filter((kept) => kept !== kept.toLowerCase())
  .map((kept) => [kept.toLowerCase(), kept] as const)

const upperCase: ReadonlyMap<string, string> = new Map(upperCased)
const beforeDecoding: ReadonlyMap<string, string> = new Map([...upperCased, ['%25', '%2525']])

/** The path of a target that is not canonical as it stands: decoded, if that makes it canonical. */
function decodedPath(target: string, semicolonEnds: boolean): string | undefined {
  const end = pathLength(target, semicolonEnds)
  if (end > longestPath) return undefined
  const path = target.slice(0, end)
  let decoded: string
  try {
    // Keeps the reserved characters escaped, as the router does by the same function; throws on a bad escape and on
    // bytes that are not UTF-8.
    decoded = decodeURI(respelled(path, beforeDecoding))
  } catch {
    return undefined
  }
  return isCanonicalPath(decoded) ? decoded : undefined
}

function pathLength(target: string, semicolonEnds: boolean): number {
  let end = target.length
  for (const delimiter of semicolonEnds ? '?#;' : '?#') {
    const at = target.indexOf(delimiter)
    if (at !== -1 && at < end) end = at
  }
  return end
}

/** Precondition, where the result is to be trusted: every "%" starts an escape. (`decodeURI` throws on any other text.) */
function respelled(path: string, spelling: ReadonlyMap<string, string>): string {
  let text = ''
  let from = 0
  for (let at = path.indexOf('%'); at !== -1; at = path.indexOf('%', at + 3)) {
    const spelt = spelling.get(path.slice(at, at + 3))
    if (spelt === undefined) continue
    text += path.slice(from, at) + spelt
    from = at + 3
  }
  return from === 0 ? path : text + path.slice(from)
}

/** The router's folds in the router's order: doubled slashes, one trailing slash, case. */
function folded(canonical: string, options: RouterOptions): string {
  let path = canonical
  if (options.ignoreDuplicateSlashes === true) path = singleSlashes(path)
  if (options.ignoreTrailingSlash === true && path.length > 1 && path.endsWith('/')) path = path.slice(0, -1)
  if (options.caseSensitive === false) path = respelled(path.toLowerCase(), upperCase)
  return path
}

function singleSlashes(path: string): string {
  let text = ''
  let from = 0
  for (let at = path.indexOf('//'); at !== -1; at = path.indexOf('//', from)) {
    text += path.slice(from, at)
    from = at + 1
    while (path.charCodeAt(from + 1) === slash) from++
  }
  return text + path.slice(from)
}

/**
 * The origin-form of an absolute-form target. The authority is held against RFC 3986's grammar without user information
 * and escapes, which is about what the router accepts (it asks `new URL`; what that refuses, no route ever gets).
 */
function originForm(url: string): string | undefined {
  const schemeEnd = url.slice(0, 'https://'.length).indexOf('://')
  if (schemeEnd !== 4 && schemeEnd !== 5) return undefined
  const scheme = url.slice(0, schemeEnd).toLowerCase()
  if (scheme !== 'http' && scheme !== 'https') return undefined
  // The router takes no fragment here: "http://host#/path" has more than one reading.
  if (url.includes('#')) return undefined
  const start = schemeEnd + 3
  const end = authorityEnd(url, start)
  if (!isAuthority(url.slice(start, end))) return undefined
  return url.charCodeAt(end) === slash ? url.slice(end) : `/${url.slice(end)}`
}

/** A DNS name (255) with a port. */
const longestAuthority = 261

/** Where the authority ends, or where it is too long to be one. */
function authorityEnd(url: string, start: number): number {
  const limit = Math.min(url.length, start + longestAuthority + 1)
  for (let i = start; i < limit; i++) {
    const code = url.charCodeAt(i)
    if (code === slash || code === questionMark) return i
  }
  return limit
}

const digits: ReadonlySet<string> = new Set('0123456789')
const addressCharacters: ReadonlySet<string> = new Set('0123456789abcdefABCDEF:.')
const hostCharacters: ReadonlySet<string> = new Set(
  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=",
)

function isAuthority(authority: string): boolean {
  if (authority.length > longestAuthority) return false
  if (authority.startsWith('[')) {
    const close = authority.indexOf(']')
    return close > 1 && consistsOf(authority.slice(1, close), addressCharacters) && isPort(authority.slice(close + 1))
  }
  const colon = authority.indexOf(':')
  const host = colon === -1 ? authority : authority.slice(0, colon)
  return host !== '' && consistsOf(host, hostCharacters) && isPort(authority.slice(host.length))
}

/** `":80"`, `":"` or nothing. */
function isPort(text: string): boolean {
  if (text === '') return true
  const port = text.slice(1)
  return text.startsWith(':') && port.length <= 5 && consistsOf(port, digits) && Number(port) <= 65_535
}

function consistsOf(text: string, characters: ReadonlySet<string>): boolean {
  for (const character of text) if (!characters.has(character)) return false
  return true
}
