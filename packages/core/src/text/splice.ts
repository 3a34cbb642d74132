/** Changes of a text at offsets. */

export interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** Splices do not overlap; one within another is dropped. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort((a, b) => a.from - b.from || b.to - a.to)
  let result = ''
  let at = 0
  for (const splice of inOrder) {
    if (splice.from < at) continue
    result += text.slice(at, splice.from) + splice.text
    at = splice.to
  }
  return result + text.slice(at)
}
