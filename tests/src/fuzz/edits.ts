/**
 * What the corpus knows, changed a little here and there: an edit is a few numbers, so that it can be shrunk, and a failure
 * is told with as few of them as it takes.
 */
import fc from 'fast-check'
import { hostile } from '../support/generate.js'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

interface Edit {
  readonly place: number
  readonly kind: number
  readonly from: number
  readonly length: number
  readonly piece: string
}

const pieces = [
  ...[
    '*',
    '**',
    '/',
    '.',
    ':',
    ',',
    '{a,b}',
    '@',
    '@web',
    '"',
    "'",
    '\\',
    '\n',
    '\t',
    '- ',
    '#',
    '// ',
    '/*',
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '~',
    '|',
    '>',
    '&a',
    '*a',
    '!!str',
    '<<',
    '---',
    '\u0000',
    '\ufeff',
    '\ud800',
    'é',
    '%2F',
  ],
  ...[
    'https://',
    'http://',
    'a.example',
    '127.0.0.1',
    '[::1]',
    'xn--',
    ':443',
    'GET',
    'authorization',
    '__proto__',
    'x'.repeat(70),
  ],
]

const edit: fc.Arbitrary<Edit> = fc.record({
  place: fc.nat(100_000),
  kind: fc.nat(9),
  from: fc.nat(100_000),
  length: fc.constantFrom(0, 0, 1, 1, 2, 3, 5, 8, 20, 100),
  piece: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: hostile.filter((text) => text.length < 4000) },
  ),
})

const edits = fc.array(edit, { maxLength: 6 })

export function editedText(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(texts, edits).map(([text, list]) => list.reduce(spliced, text))
}

export function editedJson<T>(values: fc.Arbitrary<T>): fc.Arbitrary<Json> {
  return fc.tuple(values, edits).map(([value, list]) => list.reduce(changed, JSON.parse(JSON.stringify(value)) as Json))
}

/** Puts a piece into the text, in place of what stands there; or something from elsewhere in the text. */
function spliced(text: string, { place, kind, from, length, piece }: Edit): string {
  const at = place % (text.length + 1)
  const start = from % (text.length + 1)
  const put = kind < 7 ? piece : text.slice(start, start + length)
  return text.slice(0, at) + put + text.slice(at + (kind % 2 === 0 ? length : 0))
}

const values: readonly Json[] = [null, true, false, 0, -1, 1.5, 1e300, '', [], {}, ['*'], '*']

function changed(root: Json, each: Edit): Json {
  const places = placesOf(root)
  const place = places[each.place % places.length] ?? []
  const elsewhere = places[each.from % places.length] ?? []
  return replaced(root, place, (value) => {
    if (typeof value === 'string' && each.kind < 5) return spliced(value, each)
    if (each.kind === 5) return undefined
    if (each.kind === 6) return valueAt(root, elsewhere) ?? null
    if (each.kind === 7 && Array.isArray(value)) return [...value, valueAt(root, elsewhere) ?? each.piece]
    if (each.kind === 8 && Array.isArray(value)) return [...value].reverse()
    if (each.kind === 9 && isRecord(value)) return { ...value, [each.piece]: valueAt(root, elsewhere) ?? null }
    return values[each.length % values.length] ?? null
  })
}

type Place = readonly (string | number)[]

/** Every place in the value, itself first. */
export function placesOf(value: Json, at: Place = []): readonly Place[] {
  if (Array.isArray(value)) return [at, ...value.flatMap((item: Json, i) => placesOf(item, [...at, i]))]
  if (isRecord(value)) return [at, ...Object.keys(value).flatMap((key) => placesOf(value[key] ?? null, [...at, key]))]
  return [at]
}

export function valueAt(value: Json, place: Place): Json | undefined {
  return place.reduce<Json | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)]
    return isRecord(inner) ? inner[key] : undefined
  }, value)
}

/** With another value in a place; `undefined` takes it out. */
export function replaced(value: Json, place: Place, change: (value: Json) => Json | undefined): Json {
  const [key, ...rest] = place
  if (key === undefined) return change(value) ?? null
  if (Array.isArray(value)) {
    return value.flatMap((item: Json, i) => (i === key ? kept(item, rest, change).map((each) => each) : [item]))
  }
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      name === key ? kept(item, rest, change).map((each) => [name, each] as const) : [[name, item] as const],
    ),
  )
}

function kept(item: Json, rest: Place, change: (value: Json) => Json | undefined): readonly Json[] {
  if (rest.length > 0) return [replaced(item, rest, change)]
  const after = change(item)
  return after === undefined ? [] : [after]
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
