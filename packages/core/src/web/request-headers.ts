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
  const names = new Set<string>()
  const isWellFormed = eachRequestHeader(text, (start, end) => names.add(text.slice(start, end).toLowerCase()))
  return isWellFormed ? names : undefined
}

/**
 * Shows each name, where it stands in the text; whether the header is well-formed. Names before a fault have been shown
 * by then.
 */
export function eachRequestHeader(text: string, show: (start: number, end: number) => void): boolean {
  const { length } = text
  if (length > maxRequestHeadersLength) return false
  let count = 0
  for (let i = 0; i < length; ) {
    const code = text.charCodeAt(i)
    if (code === comma || isBlank(code)) {
      i++
      continue
    }
    const start = i
    while (i < length && isTokenCharacter(text.charCodeAt(i))) i++
    if (i === start || ++count > maxRequestHeaderNames) return false
    show(start, i)
    while (i < length && isBlank(text.charCodeAt(i))) i++
    if (i < length && text.charCodeAt(i) !== comma) return false
  }
  return true
}

/**
 * Whether a well-formed header is as a browser serializes it (Fetch, "CORS-unsafe request-header names"): each name in lower
 * case, sorted and so unique, nothing between but commas. Then it is the list of its names as it stands.
 */
export function isAsSerialized(text: string): boolean {
  // Of the name before: where the character stands that the one at hand is held against; -1 once it is known to be less.
  let before = -1
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? comma : text.charCodeAt(i)
    if (code === comma) {
      if (i === start || before !== -1) return false
      before = start
      start = i + 1
    } else {
      if (isBlank(code) || (code >= letterA && code <= letterZ)) return false
      if (before === -1) continue
      // Behind a name that the one at hand begins with stands its comma.
      const held = text.charCodeAt(before)
      if (held === comma || held < code) before = -1
      else if (held > code) return false
      else before++
    }
  }
  return true
}

const letterA = 65
const letterZ = 90

/** Optional whitespace (RFC 9110, section 5.6.3): spaces and tabs. */
function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
