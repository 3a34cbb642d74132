/**
 * What was found for the texts that came last. Comparing a text with an equal one is many times as fast as hashing it,
 * which any look-up in a Map begins with, and nearly all requests have few origins, paths and header lists.
 *
 * Bounded, whatever clients make up: a text takes one place of sixteen, and pushes out what stands there at no more than
 * the price of finding it again.
 */
export interface Remembered {
  readonly text: string
}

const places = 16

/** A longer text is found anew each time, so that nobody fills the memory with texts of 64 KiB. */
const longestText = 512

export class Recent<E extends Remembered> {
  #entries: (E | undefined)[] | undefined

  find(text: string): E | undefined {
    const entry = this.#entries?.[placeOf(text)]
    return entry?.text === text ? entry : undefined
  }

  keep(entry: E): E {
    if (entry.text.length > longestText) return entry
    this.#entries ??= new Array<E | undefined>(places).fill(undefined)
    this.#entries[placeOf(entry.text)] = entry
    return entry
  }
}

/** Texts of one place only push each other out, so two of their characters will do. */
function placeOf(text: string): number {
  const { length } = text
  return length === 0 ? 0 : (length + text.charCodeAt(length >> 1) + 7 * text.charCodeAt(length >> 2)) % places
}
