/** The value of `Vary` with these names in it (RFC 9110, section 12.5.5), each once; `*` says it all. */
export type HeaderValue = string | number | readonly string[]

export function withVary(existing: HeaderValue | undefined, names: readonly string[]): string {
  if (existing === undefined) return names.length === 1 ? (names[0] as string) : joined(names)
  const present = String(Array.isArray(existing) ? existing.join(',') : existing)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (present.includes('*')) return '*'
  const seen = new Set<string>()
  return [...present, ...names]
    .filter((name) => {
      const key = name.toLowerCase()
      return !seen.has(key) && seen.add(key)
    })
    .join(', ')
}

/** By the list of a decision, which is frozen, and one of a few. */
const texts = new WeakMap<readonly string[], string>()

function joined(names: readonly string[]): string {
  const known = texts.get(names)
  if (known !== undefined) return known
  const text = names.join(', ')
  texts.set(names, text)
  return text
}
