/** The rows of `tests/corpus/inputs/`: inputs that something went wrong with once, or that are kept so that nothing does. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Json } from './edits.js'

export interface InputRow {
  readonly name: string
  /** Of `areas.ts`. */
  readonly area: string
  readonly input: Json
}

export interface InputFile {
  readonly topic: string
  readonly about: string
  readonly rows: readonly InputRow[]
}

const folder = new URL('../../corpus/inputs/', import.meta.url)

export function readInputs(): readonly InputFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => parseInputs(name.slice(0, -'.json'.length), readFileSync(new URL(name, folder), 'utf8')))
}

/** Throws, with the place, where the text is not one of such a file: no row is passed over. */
export function parseInputs(topic: string, text: string): InputFile {
  const { about, rows, ...rest } = JSON.parse(text)
  if (typeof about !== 'string' || !Array.isArray(rows) || rows.length === 0 || Object.keys(rest).length > 0) {
    throw new Error(`${topic}: a file of inputs has "about" and "rows", and nothing else`)
  }
  for (const [i, row] of rows.entries()) {
    if (Object.keys(row).sort().join() !== 'area,input,name')
      throw new Error(`${topic}: row ${i} has not name, area and input`)
  }
  return { topic, about, rows }
}
