/** A failing input, made as small as it goes: parts are taken out and texts cut for as long as it still fails. */
import { type Json, placesOf, replaced, valueAt } from './edits.js'

const mostTrials = 3000

export function reduced(input: Json, fails: (input: Json) => boolean): Json {
  let left = mostTrials
  let smallest = input
  const attempt = (candidate: Json): boolean => {
    if (left-- <= 0 || !fails(candidate)) return false
    smallest = candidate
    return true
  }
  for (let before: Json | undefined; before !== smallest && left > 0; ) {
    before = smallest
    // From behind, so that places further in front stay what they are.
    for (const place of [...placesOf(smallest)].reverse()) {
      if (place.length > 0 && attempt(replaced(smallest, place, () => undefined))) continue
      const value = valueAt(smallest, place)
      if (typeof value === 'string') shortened(value, (text) => attempt(replaced(smallest, place, () => text)))
    }
  }
  return smallest
}

/** Cuts halves, then smaller pieces, then single characters. */
function shortened(text: string, attempt: (text: string) => boolean): void {
  let rest = text
  for (let size = Math.ceil(rest.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < rest.length; ) {
      const shorter = rest.slice(0, at) + rest.slice(at + size)
      if (attempt(shorter)) rest = shorter
      else at += size
    }
  }
}
