/** A policy document that does not load, made into one that does. */
import { checkPolicy, type PolicyDocument } from '@safeconduct/core'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined }

/** What is taken out may bring other faults to light, but not for ever: what a document lacks cannot be taken out. */
const mostRounds = 30

/** Takes out what the check finds fault with, until it finds no more. Throws where that does not come to an end. */
export function repaired(draft: unknown): PolicyDocument {
  // A copy: without keys of no value, and not frozen.
  const document: Json = JSON.parse(JSON.stringify(draft))
  for (let round = 0; round < mostRounds; round++) {
    const errors = errorsOf(document)
    if (errors.length === 0) return document as unknown as PolicyDocument
    for (const place of errors) remove(document, place)
  }
  throw new Error('the document lacks something')
}

/** The places at fault, those further behind first, so that what is taken out moves none of the others. */
function errorsOf(document: Json): readonly (readonly string[])[] {
  const errors = checkPolicy(document).filter(({ severity }) => severity === 'error')
  return [...new Set(errors.map((error) => error.pointer))]
    .map((pointer) => pointer.split('/').slice(1))
    .sort(fromBehind)
}

function fromBehind(a: readonly string[], b: readonly string[]): number {
  const i = a.findIndex((token, at) => token !== b[at])
  return Number(b[i] ?? 0) - Number(a[i] ?? 0) || b.length - a.length
}

function remove(document: Json, place: readonly string[]): void {
  const parent = place.slice(0, -1).reduce<Json | undefined>(child, document)
  const token = place.at(-1)
  if (token === undefined) throw new Error('the document as a whole is at fault')
  if (!Array.isArray(parent)) {
    if (typeof parent === 'object' && parent !== null) delete parent[token]
    return
  }
  parent.splice(Number(token), 1)
  // A grant has origins: without the last of them it goes too.
  if (parent.length === 0 && place.at(-2) === 'origins' && place[0] === 'rules') remove(document, place.slice(0, -2))
}

function child(value: Json | undefined, token: string): Json | undefined {
  if (Array.isArray(value)) return value[Number(token)]
  return typeof value === 'object' && value !== null ? value[token] : undefined
}
