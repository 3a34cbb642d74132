/**
 * `Access-Control-Request-Headers` (Fetch, "HTTP requests"): `1#field-name`.
 *
 * A browser sends it sorted, in lower case, unique and without blanks. Intermediaries reorder, space and repeat, so all
 * that is tolerated; the whole is bounded, and read in one pass.
 */
import { isTokenCharacter } from './token.js'

/** In characters, which are bytes here: the header is ASCII or malformed. */
export const maxRequestHeadersLength = 8192
/** Repeats count, empty elements do not. */
export const maxRequestHeaderNames = 128

const comma = 44

/** The names in lower case, in order of first appearance, each once; `undefined` if the header is malformed or too long. */
export function parseRequestHeaders(text: string): ReadonlySet<string> | undefined {
  const { length } = text
  if (length > maxRequestHeadersLength) return undefined
  const names = new Set<string>()
  let count = 0
  // Of the element at hand: where its name starts, and where blanks behind it do.
  let start = -1
  let end = -1
  for (let i = 0; i <= length; i++) {
    const code = i === length ? comma : text.charCodeAt(i)
    if (code === comma) {
      if (start === -1) continue
      if (++count > maxRequestHeaderNames) return undefined
      names.add(text.slice(start, end === -1 ? i : end).toLowerCase())
      start = -1
      end = -1
    } else if (isBlank(code)) {
      if (start !== -1 && end === -1) end = i
    } else if (end !== -1 || !isTokenCharacter(code)) return undefined
    else if (start === -1) start = i
  }
  return names
}

/** Optional whitespace (RFC 9110, section 5.6.3): spaces and tabs. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
