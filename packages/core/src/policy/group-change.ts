/** What is new in an external group, and what is gone: from a list of all that it is to hold, or from a change of it. */
import { originHash } from '../web/origin.js'
import type { ExternalGroup } from './external-origins.js'
import { isPlainObject } from './plain-data.js'

/** Origins that come and go; what stays is not said again. One that is in both comes. */
export interface OriginChange {
  readonly add?: Iterable<string>
  readonly remove?: Iterable<string>
}

/** An origin that the group did not hold before, and its place among its origins. Without types it may be anything. */
export interface Addition {
  readonly text: string
  readonly index: number
}

export interface GroupChange {
  /** What the group is to hold, each once. */
  readonly origins: readonly string[]
  readonly removed: readonly string[]
  readonly added: readonly Addition[]
  /** What was to be removed and was not there. */
  readonly absent: readonly string[]
}

/** @throws TypeError if it is neither a list nor a change. */
export function groupChange(before: ExternalGroup, origins: Iterable<string> | OriginChange): GroupChange {
  if (!isIterable(origins)) return changeBy(before, origins)
  const listed = listOf(origins)
  return changeTo(before, listed) ?? (changeTo(before, [...new Set(listed)]) as GroupChange)
}

function isIterable(value: object | string): value is Iterable<string> {
  return Symbol.iterator in Object(value)
}

/** A text is a list of characters to JavaScript: one origin where several are meant would change nothing, silently. */
function listOf(origins: Iterable<string> | undefined): readonly string[] {
  if (origins === undefined) return []
  if (typeof origins === 'string' || !isIterable(origins)) throw new TypeError('withOrigins takes lists of origins')
  return [...origins]
}

function changeBy(before: ExternalGroup, change: OriginChange): GroupChange {
  // A promise that nobody awaited has no keys, and would change nothing, silently.
  if (Object(change) !== change || !isPlainObject(change))
    throw new TypeError('withOrigins takes origins, or { add, remove }')
  const odd = Object.keys(change).find((key) => key !== 'add' && key !== 'remove')
  if (odd !== undefined) throw new TypeError(`withOrigins takes origins, or { add, remove }, and not \`${odd}\``)
  const add = new Set(listOf(change.add))
  const remove = [...new Set(listOf(change.remove))].filter((text) => !add.has(text))
  const gone = new Set(remove.filter((text) => holds(before, text)))
  const kept = gone.size === 0 ? before.origins : before.origins.filter((text) => !gone.has(text))
  const added = [...add].filter((text) => !holds(before, text))
  return {
    // Not by spreading, which takes three times as long.
    origins: kept.concat(added),
    removed: [...gone],
    added: added.map((text, i) => ({ text, index: kept.length + i })),
    absent: remove.filter((text) => !gone.has(text)),
  }
}

function holds({ table }: ExternalGroup, text: unknown): boolean {
  return typeof text === 'string' && table.get(text, originHash(text)) !== undefined
}

/**
 * Two lists are walked from both ends as long as they agree, which costs next to nothing where they hold the same strings;
 * only what is between is looked up. `undefined`: something is listed twice.
 */
function changeTo(before: ExternalGroup, origins: readonly string[]): GroupChange | undefined {
  const old = before.origins
  const shorter = Math.min(old.length, origins.length)
  let start = 0
  while (start < shorter && old[start] === origins[start]) start++
  let behind = 0
  while (behind < shorter - start && old[old.length - 1 - behind] === origins[origins.length - 1 - behind]) behind++
  const gone = new Set(old.slice(start, old.length - behind))
  const seen = new Set<string>()
  const added: Addition[] = []
  for (let index = start; index < origins.length - behind; index++) {
    const text = origins[index] as string
    if (seen.has(text)) return undefined
    seen.add(text)
    if (gone.has(text)) continue
    if (holds(before, text)) return undefined
    added.push({ text, index })
  }
  return { origins, removed: [...gone].filter((text) => !seen.has(text)), added, absent: [] }
}
