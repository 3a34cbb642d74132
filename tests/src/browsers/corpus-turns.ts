/** Every case of the corpus that a page can bring about, without credentials and with them; and why the others are none. */
import { type CorpusCase, type CorpusFile, readCorpus } from '../support/corpus.js'
import { type Unsendable, type Visit, visitOf } from './corpus-visit.js'

export const modes = ['same-origin', 'include'] as const

/** A case in a credentials mode. */
export interface Turn {
  readonly file: CorpusFile
  readonly each: CorpusCase
  readonly mode: (typeof modes)[number]
  readonly visit: Visit
}

export const corpus: readonly CorpusFile[] = readCorpus()

const unsendable = new Map<Unsendable, number>()

export const turns: readonly Turn[] = corpus.flatMap((file) => file.cases.flatMap((each, i) => turnsOf(file, each, i)))

/** How many cases are none, by reason. */
export const leftOut: Readonly<Partial<Record<Unsendable, number>>> = Object.fromEntries(unsendable)

function turnsOf(file: CorpusFile, each: CorpusCase, index: number): Turn[] {
  return modes.flatMap((mode): Turn[] => {
    const visit = visitOf(file, each, `${index}-${mode}-of-${file.topic}`)
    if (typeof visit !== 'string') return [{ file, each, mode, visit }]
    if (mode === modes[0]) unsendable.set(visit, (unsendable.get(visit) ?? 0) + 1)
    return []
  })
}
