/**
 * What is new in a list of which nearly all is old. Two lists are walked from both ends as long as they agree, which costs
 * next to nothing where they hold the same strings; only what is between is looked at.
 */
import { originHash } from '../web/origin.js'
import type { ExternalGroup } from './external-origins.js'

/** An origin that the group did not hold before, and its place in the list. A caller without types may hand in anything. */
export interface Addition {
  readonly text: string
  readonly index: number
}

export interface GroupChange {
  /** What the group is to hold, each once. */
  readonly origins: readonly string[]
  readonly removed: readonly string[]
  readonly added: readonly Addition[]
}

export function groupChange(before: ExternalGroup, origins: Iterable<string>): GroupChange {
  const listed = [...origins]
  return changeTo(before, listed) ?? (changeTo(before, [...new Set(listed)]) as GroupChange)
}

/** `undefined`: something is listed twice. */
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
    if (old.length > 0 && typeof text === 'string' && before.table.get(text, originHash(text)) !== undefined)
      return undefined
    added.push({ text, index })
  }
  return { origins, removed: [...gone].filter((text) => !seen.has(text)), added }
}
