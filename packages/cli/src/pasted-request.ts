/** A request as people have it at hand, from wherever it was pasted. */
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
