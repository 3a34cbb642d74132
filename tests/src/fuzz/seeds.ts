/** What the corpus and the examples hold, as a beginning. */
import type { PolicyDocument } from '@safeconduct/core'
import { stringify } from 'yaml'
import { type CorpusFile, readCorpus } from '../support/corpus.js'
import { filesIn, read } from '../support/sources.js'

export type Format = 'json' | 'jsonc' | 'yaml'

export interface TextSeed {
  readonly text: string
  readonly format: Format
}

export const corpus: readonly CorpusFile[] = readCorpus()

export const policies: readonly PolicyDocument[] = corpus.map(({ policy }) => policy)

/** Every policy of the corpus as JSON and as YAML, and all that people wrote by hand. */
export const texts: readonly TextSeed[] = [
  ...policies.flatMap((policy): TextSeed[] => [
    { text: JSON.stringify(policy, null, 1), format: 'json' },
    { text: stringify(policy), format: 'yaml' },
  ]),
  ...filesIn('examples').flatMap((file): TextSeed[] => {
    const [, ending] = /\.cors(?:\.test)?\.(json|yaml)$/.exec(file) ?? []
    return ending === undefined ? [] : [{ text: read(file), format: ending === 'json' ? 'jsonc' : 'yaml' }]
  }),
]

/** Path and origin globs of all policies. */
export const pathGlobs: readonly string[] = distinct(
  policies.flatMap(({ rules }) => rules.flatMap(({ paths }) => paths)),
)

export const originGlobs: readonly string[] = distinct(
  policies.flatMap(({ rules, origins = {} }) => [
    ...rules.flatMap(({ allow }) => allow.flatMap((grant) => grant.origins)),
    ...Object.values(origins).flatMap((group) => ('external' in group ? [] : group)),
  ]),
).filter((text) => !text.startsWith('@'))

/** Request targets and origins as received. */
export const targets: readonly string[] = distinct(
  corpus.flatMap(({ cases }) => cases.map(({ request }) => request.url)),
)
export const origins: readonly string[] = distinct(
  corpus.flatMap(({ cases }) => cases.flatMap(({ request }) => [request.headers.origin ?? []].flat())),
).filter((text) => text.length < 1000)

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)]
}
