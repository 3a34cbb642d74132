/** Fetch, "extract header list values", with the grammars of "HTTP new-header syntax". */
import { type HeaderList, isToken, valuesOf } from './header-list.js'

export type Failure = 'failure'

/**
 * For Access-Control-Allow-Methods, -Allow-Headers and -Expose-Headers: `#token`. Several headers are one list; empty
 * elements are none (RFC 9110, 5.6.1.2); one element that is no token fails all. Null if there is no such header.
 */
export function extractTokens(name: string, list: HeaderList): readonly string[] | null | Failure {
  const lines = valuesOf(list, name)
  if (lines.length === 0) return null
  const elements = lines
    .flatMap((line) => line.split(','))
    .map((element) => element.replace(/^[\t ]+|[\t ]+$/g, ''))
    .filter((element) => element !== '')
  return elements.every(isToken) ? elements : 'failure'
}

/** For Access-Control-Max-Age: `delta-seconds` (RFC 9111, 1.2.2), one header. */
export function extractMaxAge(list: HeaderList): number | null | Failure {
  const [line, ...more] = valuesOf(list, 'Access-Control-Max-Age')
  if (line === undefined) return null
  return more.length === 0 && /^[0-9]+$/.test(line) ? Number(line) : 'failure'
}
