/**
 * Which of many words stands at a place in a text, found without cutting the word out: looking a cut-out word up in a Map
 * would allocate it and then hash it.
 *
 * Few words are compared one by one, many by a hash of all their characters. (With a hash of a few sampled characters ten
 * thousand numbered tenants are one bucket.) A client can choose what is looked up, but not what is in the table: that is
 * the policy's own words.
 */
export interface LiteralEntry<T> {
  readonly word: string
  readonly hash: number
  readonly value: T
}

const few = 4

export class LiteralTable<T> {
  readonly #entries: LiteralEntry<T>[] = []
  #longest = 0
  /** A power of two of them, at most half of them taken: an entry stands at its hash's place or soon behind it. */
  #slots: (LiteralEntry<T> | undefined)[] | undefined

  /** Precondition: the word is not in the table. */
  add(word: string, value: T): void {
    const entry = { word, hash: hashOf(word, 0, word.length), value }
    this.#entries.push(entry)
    this.#longest = Math.max(this.#longest, word.length)
    const count = this.#entries.length
    if (count <= few) return
    if (this.#slots !== undefined && 2 * count <= this.#slots.length) put(this.#slots, entry)
    else this.#slots = slotsOf(this.#entries)
  }

  get(word: string): T | undefined {
    return this.at(word, 0, word.length)
  }

  /** The value of the word that `text` holds from `start` up to `end`. */
  at(text: string, start: number, end: number): T | undefined {
    if (end - start > this.#longest) return undefined
    if (this.#slots === undefined) {
      for (const { word, value } of this.#entries) if (stands(word, text, start, end)) return value
      return undefined
    }
    const hash = hashOf(text, start, end)
    const mask = this.#slots.length - 1
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = this.#slots[at]
      if (entry === undefined || (entry.hash === hash && stands(entry.word, text, start, end))) return entry?.value
    }
  }

  get entries(): readonly LiteralEntry<T>[] {
    return this.#entries
  }
}

function slotsOf<T>(entries: readonly LiteralEntry<T>[]): (LiteralEntry<T> | undefined)[] {
  let size = 4 * few
  while (size < 4 * entries.length) size *= 2
  const slots = new Array<LiteralEntry<T> | undefined>(size).fill(undefined)
  for (const entry of entries) put(slots, entry)
  return slots
}

function put<T>(slots: (LiteralEntry<T> | undefined)[], entry: LiteralEntry<T>): void {
  const mask = slots.length - 1
  let at = entry.hash & mask
  while (slots[at] !== undefined) at = (at + 1) & mask
  slots[at] = entry
}

/** Whether the text has the word from `start` up to `end`. */
function stands(word: string, text: string, start: number, end: number): boolean {
  if (word.length !== end - start) return false
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false
  return true
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
