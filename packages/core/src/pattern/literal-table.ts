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
  #buckets: Map<number, LiteralEntry<T>[]> | undefined

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
    const candidates = this.#buckets === undefined ? this.#entries : this.#buckets.get(hashOf(text, start, end))
    if (candidates === undefined) return undefined
    for (const { word, value } of candidates)
      if (word.length === end - start && text.startsWith(word, start)) return value
    return undefined
  }

  get entries(): readonly LiteralEntry<T>[] {
    return this.#entries
  }
}

function put<T>(buckets: Map<number, LiteralEntry<T>[]>, entry: LiteralEntry<T>): void {
  const hash = hashOf(entry.word, 0, entry.word.length)
  const bucket = buckets.get(hash)
  if (bucket === undefined) buckets.set(hash, [entry])
  else bucket.push(entry)
}

/** FNV-1a over UTF-16 code units, cut to 30 bits, so that it is a small integer to the engine. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash & 0x3fffffff
}
