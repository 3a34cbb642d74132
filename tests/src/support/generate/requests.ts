/** What a server is asked, well meant or not. */
import type { CorsRequest } from '@safeconduct/core'
import fc from 'fast-check'
import { hostile } from './hostile.js'
import { type Setting, setting } from './settings.js'

const { array, constantFrom, oneof, option, record, tuple } = fc

const method = oneof(
  {
    weight: 9,
    arbitrary: constantFrom(
      ...[
        'OPTIONS',
        'OPTIONS',
        'OPTIONS',
        'GET',
        'HEAD',
        'POST',
        'PUT',
        'PATCH',
        'DELETE',
        'FOO',
        'patch',
        '*',
        'TRACE',
      ],
      ...['connect', 'options', 'x'.repeat(64), 'x'.repeat(65), '', 'G T'],
    ),
  },
  { weight: 1, arbitrary: hostile },
)

const name = constantFrom(
  'x-a',
  'x-b',
  'X-C',
  'content-type',
  'authorization',
  'accept',
  '*',
  'range',
  'x-other',
  '__proto__',
)
const separator = constantFrom(',', ',', ',', ', ', ' ,\t', ',,', ' , , ')

const requestHeaders = oneof(
  {
    weight: 9,
    arbitrary: array(tuple(name, separator), { maxLength: 4 }).map((names) => names.flat().join('').replace(/,$/, '')),
  },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: tuple(name, constantFrom(127, 128, 129)).map(([each, n]) => Array(n).fill(each).join()) },
)

/** With numbers for what the setting gives: its origins, its paths, its rules. */
const draft = record({
  method,
  path: oneof(
    { weight: 12, arbitrary: fc.nat(2) },
    { weight: 1, arbitrary: hostile },
    { weight: 1, arbitrary: fc.constant(undefined) },
  ),
  origin: oneof(
    { weight: 12, arbitrary: fc.nat(3) },
    { weight: 2, arbitrary: hostile },
    { weight: 2, arbitrary: fc.constant(undefined) },
  ),
  requestMethod: option(method, { nil: undefined, freq: 4 }),
  requestHeaders: option(requestHeaders, { nil: undefined, freq: 2 }),
  rule: oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 6, arbitrary: fc.nat(3) },
    { weight: 1, arbitrary: constantFrom(false as const, 'unknown', '__proto__', '') },
  ),
  hasServedMethods: constantFrom(true, true, false),
  splitByMethod: constantFrom(false, false, false, true),
})

export interface Inquiry extends Setting {
  readonly requests: readonly CorsRequest[]
}

export function inquiry(longest: number): fc.Arbitrary<Inquiry> {
  return tuple(setting, array(draft, { minLength: 1, maxLength: longest, size: 'max' })).map(([drawn, drafts]) => ({
    ...drawn,
    requests: drafts.map(({ path, origin, rule, hasServedMethods, ...rest }) => ({
      path: typeof path === 'number' ? drawn.paths[path % drawn.paths.length] : path,
      ...present({
        ...rest,
        origin: typeof origin === 'number' ? drawn.origins[origin % drawn.origins.length] : origin,
        rule: typeof rule === 'number' ? drawn.document.rules[rule % drawn.document.rules.length]?.id : rule,
        servedMethods: hasServedMethods ? drawn.servedMethods : undefined,
      }),
    })),
  }))
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the keys of no value. */
function present<T extends { method: string }>(value: T): Partial<Present<T>> & { method: string } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return { ...(Object.fromEntries(entries) as Partial<Present<T>>), method: value.method }
}
