/**
 * Fetch, "Headers": header lists. Names and values are byte sequences, here strings of the code points U+0000 to U+00FF,
 * so that a string's length is its number of bytes. Lists are never changed in place.
 */

export type Header = readonly [name: string, value: string]
export type HeaderList = readonly Header[]

/** RFC 9110, 5.6.2: `token`, which is also `method` and `field-name`. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
}

/** "byte-case-insensitive": for tokens, which are ASCII. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** "contains". */
export function contains(list: HeaderList, name: string): boolean {
  return list.some(([other]) => sameName(other, name))
}

/** "get": the values of all headers of that name, joined by a comma and a space; null if there is none. */
export function get(list: HeaderList, name: string): string | null {
  const values = valuesOf(list, name)
  return values.length === 0 ? null : values.join(', ')
}

/** The values of all headers of that name, in order. */
export function valuesOf(list: HeaderList, name: string): string[] {
  return list.filter(([other]) => sameName(other, name)).map(([, value]) => value)
}

/** "append": the case of a name that is in the list already is used again. */
export function append(list: HeaderList, name: string, value: string): HeaderList {
  const first = list.find(([other]) => sameName(other, name))
  return [...list, [first?.[0] ?? name, value]]
}

/** "delete". */
export function without(list: HeaderList, name: string): HeaderList {
  return list.filter(([other]) => !sameName(other, name))
}

/** "combine", for a whole list: the values of one name in one header. */
export function combined(list: HeaderList): HeaderList {
  return sortedLowercaseSet(list.map(([name]) => name)).map((name) => [name, get(list, name) ?? ''])
}

/** "convert header names to a sorted-lowercase set". */
export function sortedLowercaseSet(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort()
}

/** "normalize" a header value: no HTTP whitespace bytes at its ends. */
export function normalizeValue(value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
}

/** "header value": no HTTP tab or space at its ends, no NUL, no newline; a ByteString (Web IDL), so no code point over 255. */
export function isHeaderValue(value: string): boolean {
  return !/^[\t ]|[\t ]$|[\0\n\r]|[^\0-\xff]/.test(value)
}

/**
 * "get, decode, and split" a header value: at the commas outside quoted strings; the quotes stay, tabs and spaces at the
 * ends go. `"A, B", C` is two values.
 */
export function split(value: string): string[] {
  const parts: string[] = []
  let part = ''
  let quoted = false
  for (let i = 0; i < value.length; i++) {
    const c = value.charAt(i)
    if (c === ',' && !quoted) {
      parts.push(part)
      part = ''
      continue
    }
    part += c
    if (c === '"') quoted = !quoted
    // "collect an HTTP quoted string": a backslash takes the next code point with it
    if (c === '\\' && quoted) part += value.charAt(++i)
  }
  return [...parts, part].map((each) => each.replace(/^[\t ]+|[\t ]+$/g, ''))
}
