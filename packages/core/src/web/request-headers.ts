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
  if (text.length > maxRequestHeadersLength) return undefined
  const names = new Set<string>()
  let count = 0
  let start = 0
  while (start <= text.length) {
    const end = elementEnd(text, start)
    const first = skipBlanks(text, start, end)
    const last = skipBlanksBack(text, first, end)
    if (first < last) {
      if (++count > maxRequestHeaderNames || !isTokenBetween(text, first, last)) return undefined
      names.add(text.slice(first, last).toLowerCase())
    }
    start = end + 1
  }
  return names
}

function elementEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text.charCodeAt(i) === comma) return i
  return text.length
}

/** Optional whitespace (RFC 9110, section 5.6.3): spaces and tabs. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function skipBlanks(text: string, from: number, end: number): number {
  let i = from
  while (i < end && isBlank(text.charCodeAt(i))) i++
  return i
}

function skipBlanksBack(text: string, start: number, from: number): number {
  let i = from
  while (i > start && isBlank(text.charCodeAt(i - 1))) i--
  return i
}

function isTokenBetween(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isTokenCharacter(text.charCodeAt(i))) return false
  return true
}
