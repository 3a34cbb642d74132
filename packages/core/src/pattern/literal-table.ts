/**
 * Which of many words stands at a place in a text, found without cutting the word out: looking a cut-out word up in a Map
 * would allocate it and then hash it.
 *
 * Few words are compared one by one, many by a hash of all their characters. (With a hash of a few sampled characters ten
 * thousand numbered tenants are one bucket.) A client can choose what is looked up, but not what is in a bucket: that is
 * the policy's own words.
 */
export interface LiteralEntry<T> {
  readonly word: string
  readonly value: T
}

const few = 4

export class LiteralTable<T> {
  readonly #entries: LiteralEntry<T>[] = []
  /** By hash: the first of a chain. */
  #buckets: Map<number, Linked<T>> | undefined

  /** Precondition: the word is not in the table. */
  add(word: string, value: T): void {
    const entry = { word, value }
    this.#entries.push(entry)
    if (this.#buckets !== undefined) put(this.#buckets, entry)
    else if (this.#entries.length > few) {
      this.#buckets = new Map()
      for (const each of this.#entries) put(this.#buckets, each)
    }
  }

  get(word: string): T | undefined {
    return this.at(word, 0, word.length)
  }

  /** The value of the word that `text` holds from `start` up to `end`. */
  at(text: string, start: number, end: number): T | undefined {
    if (this.#buckets === undefined) {
      for (const { word, value } of this.#entries) if (stands(word, text, start, end)) return value
      return undefined
    }
    let entry = this.#buckets.get(hashOf(text, start, end))
    while (entry !== undefined && !stands(entry.word, text, start, end)) entry = entry.next
    return entry?.value
  }

  get entries(): readonly LiteralEntry<T>[] {
    return this.#entries
  }
}

/** A chain takes fewer steps through memory than a list does, and nearly all are of one. */
interface Linked<T> extends LiteralEntry<T> {
  readonly next: Linked<T> | undefined
}

function put<T>(buckets: Map<number, Linked<T>>, { word, value }: LiteralEntry<T>): void {
  const hash = hashOf(word, 0, word.length)
  buckets.set(hash, { word, value, next: buckets.get(hash) })
}

/** Whether the text has the word from `start` up to `end`. */
function stands(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false
  return true
}

/** FNV-1a over UTF-16 code units, cut to 30 bits, so that it is a small integer to the engine. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash & 0x3fffffff
}
