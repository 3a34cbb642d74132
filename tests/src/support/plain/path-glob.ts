/** Path globs, spelled out. */
import { remembered } from '../remembered.js'
import { kindsOfWords, sequences, takesWords, written } from './words.js'

const read = remembered<Sequences>()

/** The plain sequences of segments that a glob stands for. */
function segmentsOf(glob: string): Sequences {
  return read(glob, () => written(glob).map((text) => text.slice(1).split('/')))
}

export function pathMatches(glob: string, path: string): boolean {
  const words = path.slice(1).split('/')
  return segmentsOf(glob).some((patterns) => takesWords(patterns, words))
}

const within = remembered<boolean>()

/** Whether every path of `narrow` is one of `wide`: on all paths, up to a length, that the two can tell apart. */
export function pathWithin(narrow: string, wide: string): boolean {
  return within(`${narrow}\n${wide}`, () => isWithin(segmentsOf(narrow), segmentsOf(wide)))
}

type Sequences = readonly (readonly string[])[]

function isWithin(narrow: Sequences, wide: Sequences): boolean {
  const patterns = [...narrow, ...wide]
  const words = kindsOfWords([...new Set(patterns.flat())], () => false)
  const longest = Math.max(...patterns.map((each) => each.length)) + 1
  for (const path of sequences(words, longest)) {
    if (narrow.some((each) => takesWords(each, path)) && !wide.some((each) => takesWords(each, path))) return false
  }
  return true
}
