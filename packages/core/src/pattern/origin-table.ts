/**
 * Exact origins, each with what belongs to it. Two things a Map cannot do: it is asked by a number that the caller made of
 * the text while looking at each character anyway (`originHash`), and a changed version shares nearly all with the one
 * that it was made of:
 *
 *     chunks ─┬─ slots: · · entry · entry entry · ·      the number's upper bits say which chunk,
 *             ├─ slots: · entry · · ·                    its lower bits where in the chunk to start looking
 *             └─ …
 *
 * A change makes anew the chunks that it is about, a few hundred entries of a hundred thousand, and the list of chunks.
 *
 * The numbers are no secret, and in an external group the texts may be customers'. A chunk in which many come to one place
 * is handed to a Map, whose numbers nobody can foresee: nothing is ever looked for longer than `mostSteps`.
 */
export interface OriginEntry {
  readonly text: string
  /** `originHash` of the text. */
  readonly hash: number
}

interface Chunk<E> {
  /** A power of two of them, at most half of them taken: an entry stands at its number's place or soon behind it. */
  readonly slots: readonly (E | undefined)[]
  readonly size: number
  readonly crowded: ReadonlyMap<string, E> | undefined
}

const chunkSize = 256
const mostSteps = 32

export class OriginTable<E extends OriginEntry> {
  readonly size: number
  readonly #chunks: readonly Chunk<E>[]

  /** Of several entries of one text, the last counts. */
  static of<E extends OriginEntry>(entries: readonly E[]): OriginTable<E> {
    const count = powerOfTwo(entries.length / chunkSize)
    const parts: E[][] = Array.from({ length: count }, () => [])
    for (const entry of entries) (parts[placeOf(entry.hash, count)] as E[]).push(entry)
    return new OriginTable(parts.map(chunkOf))
  }

  private constructor(chunks: readonly Chunk<E>[]) {
    this.#chunks = chunks
    this.size = chunks.reduce((sum, { size }) => sum + size, 0)
  }

  get(text: string, hash: number): E | undefined {
    const { slots, crowded } = this.#chunks[placeOf(hash, this.#chunks.length)] as Chunk<E>
    if (crowded !== undefined) return crowded.get(text)
    const mask = slots.length - 1
    // No entry stands farther from its place; a run of entries that each stand near their own may be longer.
    for (let steps = 0, at = hash & mask; steps <= mostSteps; steps++, at = (at + 1) & mask) {
      const entry = slots[at]
      if (entry === undefined || (entry.hash === hash && entry.text === text)) return entry
    }
    return undefined
  }

  *entries(): Iterable<E> {
    for (const chunk of this.#chunks) yield* entriesOf(chunk)
  }

  /** The table without some entries and then with some; this one stays as it is. */
  with(removed: readonly OriginEntry[], added: readonly E[]): OriginTable<E> {
    const count = this.#chunks.length
    if (this.size + added.length > 4 * chunkSize * count) return OriginTable.of([...this.#without(removed), ...added])
    const chunks = [...this.#chunks]
    const changed = new Map<number, { removed: Set<string>; added: E[] }>()
    const changeAt = (hash: number): { removed: Set<string>; added: E[] } => {
      const place = placeOf(hash, count)
      const change = changed.get(place) ?? { removed: new Set(), added: [] }
      changed.set(place, change)
      return change
    }
    for (const { text, hash } of removed) changeAt(hash).removed.add(text)
    for (const entry of added) changeAt(entry.hash).added.push(entry)
    for (const [place, change] of changed) {
      const kept = entriesOf(chunks[place] as Chunk<E>).filter(({ text }) => !change.removed.has(text))
      chunks[place] = chunkOf([...kept, ...change.added])
    }
    return new OriginTable(chunks)
  }

  #without(removed: readonly OriginEntry[]): E[] {
    const gone = new Set(removed.map(({ text }) => text))
    return [...this.entries()].filter(({ text }) => !gone.has(text))
  }
}

function placeOf(hash: number, count: number): number {
  return (hash >>> 16) & (count - 1)
}

function chunkOf<E extends OriginEntry>(entries: readonly E[]): Chunk<E> {
  const slots = new Array<E | undefined>(powerOfTwo(2 * entries.length)).fill(undefined)
  const mask = slots.length - 1
  let size = 0
  for (const entry of entries) {
    let at = entry.hash & mask
    for (let steps = 0; slots[at] !== undefined && slots[at]?.text !== entry.text; at = (at + 1) & mask) {
      if (++steps > mostSteps) return crowdedChunk(entries)
    }
    if (slots[at] === undefined) size++
    slots[at] = entry
  }
  return { slots, size, crowded: undefined }
}

function crowdedChunk<E extends OriginEntry>(entries: readonly E[]): Chunk<E> {
  const crowded = new Map(entries.map((entry) => [entry.text, entry]))
  return { slots: [], size: crowded.size, crowded }
}

function entriesOf<E>({ slots, crowded }: Chunk<E>): E[] {
  return crowded === undefined ? slots.filter((entry) => entry !== undefined) : [...crowded.values()]
}

/** The next one that is greater: so of `2 * n` slots for `n` entries, some are free even where `n` is 0. */
function powerOfTwo(least: number): number {
  let power = 1
  while (power <= least) power *= 2
  return power
}
