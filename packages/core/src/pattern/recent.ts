/**
 * What was found for the texts that came last. Comparing a text with an equal one is many times as fast as hashing it,
 * which any look-up in a Map begins with, and nearly all requests have few origins, paths and header lists.
 *
 * Bounded, whatever clients make up: a text takes one place of a few, and pushes out what stands there at no more than the
 * price of finding it again. The caller says which place: by a number that equal texts have in common. Their length will do
 * where nothing better is at hand: it costs nothing to tell, and most of a few texts differ in it.
 */
export interface Remembered {
  readonly text: string
}

/** A longer text is found anew each time, so that nobody fills the memory with texts of 64 KiB. */
const longestText = 512

export class Recent<E extends Remembered> {
  readonly #mask: number
  #entries: (E | undefined)[] | undefined
  #numbers: Int32Array | undefined

  /** `places`: a power of two. */
  constructor(places: number) {
    this.#mask = places - 1
  }

  find(text: string, number: number): E | undefined {
    const entry = this.#entries?.[number & this.#mask]
    return entry?.text === text ? entry : undefined
  }

  keep(entry: E, number: number): E {
    if (entry.text.length > longestText) return entry
    this.#entries ??= new Array<E | undefined>(this.#mask + 1).fill(undefined)
    this.#entries[number & this.#mask] = entry
    return entry
  }

  /**
   * The same, from the second time on that the number comes, if no other of its place came between. Texts that come once,
   * as an attacker's do, then push nothing out; and to hold an object for a while costs the collector more than to make it.
   */
  keepRepeated(entry: E, number: number): E {
    this.#numbers ??= new Int32Array(this.#mask + 1)
    const place = number & this.#mask
    if (this.#numbers[place] === number) return this.keep(entry, number)
    this.#numbers[place] = number
    return entry
  }
}
