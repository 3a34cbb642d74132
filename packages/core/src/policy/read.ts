/**
 * Reading a document that may be of any shape: what is not as expected is passed over, since `checkShape` has told of it
 * already. Own properties only, so that a group named `constructor` is a group.
 */

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

export function field(value: unknown, name: string): unknown {
  const fields = fieldsOf(value)
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The texts of a list with their places in it. */
export function* textsOf(value: unknown): Iterable<readonly [index: number, text: string]> {
  for (const [i, text] of listOf(value).entries()) if (typeof text === 'string') yield [i, text]
}
