/** A request as people have it at hand, from wherever it was pasted. */
import { Usage } from './exit.js'

export interface PastedRequest {
  readonly method: string
  readonly url: string
  readonly headers: PastedHeaders
}

/** Lower-case names; the values of lines of one name stand apart. */
export type PastedHeaders = Record<string, string | string[]>

/** Also where a name is `__proto__`. */
export function addHeader(headers: PastedHeaders, name: string, value: string): void {
  const lower = name.toLowerCase()
  const before = Object.hasOwn(headers, lower) ? headers[lower] : undefined
  const values = before === undefined ? value : [before, value].flat()
  Object.defineProperty(headers, lower, { value: values, enumerable: true, configurable: true, writable: true })
}

/** @throws Usage where the line is not `Name: value`. */
export function addHeaderLine(headers: PastedHeaders, line: string): void {
  const at = line.indexOf(':')
  const name = line.slice(0, at).trim()
  if (at < 1) throw new Usage(`\`${line}\` is no header; write 'Name: value'`)
  if (!isToken(name))
    throw new Usage(
      `\`${line}\` is no header: the name of one, which ends at the colon, is a token; write 'Name: value'`,
    )
  addHeader(headers, name, line.slice(at + 1).trim())
}

/** RFC 9110, section 5.6.2: what methods and the names of headers are. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
}
