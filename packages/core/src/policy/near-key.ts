/** What a key that does not exist was probably meant to be. */
import { editDistance } from './edit-distance.js'

/** Words of other configurations, without case and separators, and what we call it. */
const synonyms: Readonly<Record<string, string>> = {
  origin: 'origins',
  alloworigin: 'origins',
  alloworigins: 'origins',
  allowedorigin: 'origins',
  allowedorigins: 'origins',
  origingroups: 'origins',
  groups: 'origins',
  allowmethods: 'methods',
  allowedmethods: 'methods',
  verbs: 'methods',
  headers: 'requestHeaders',
  header: 'requestHeaders',
  allowheaders: 'requestHeaders',
  allowedheaders: 'requestHeaders',
  exposeheaders: 'exposedHeaders',
  responseheaders: 'exposedHeaders',
  allowcredentials: 'credentials',
  supportscredentials: 'credentials',
  withcredentials: 'credentials',
  maxageseconds: 'maxAge',
  maxageinseconds: 'maxAge',
  ttl: 'maxAge',
  url: 'paths',
  urls: 'paths',
  route: 'paths',
  routes: 'paths',
  pattern: 'paths',
  patterns: 'paths',
  name: 'id',
  grant: 'allow',
  grants: 'allow',
  optionssuccessstatus: 'preflightStatus',
  optionssuccessstatuscode: 'preflightStatus',
  successstatus: 'preflightStatus',
  status: 'preflightStatus',
  reason: 'because',
  why: 'because',
  comment: 'because',
  justification: 'because',
  expires: 'until',
  expiry: 'until',
  waive: 'accept',
  waivers: 'accept',
  ignore: 'accept',
  except: 'accept',
  policies: 'rules',
  schema: '$schema',
}

/** Words of other test tools, and what a suite calls it. */
const suiteSynonyms: Readonly<Record<string, string>> = {
  tests: 'cases',
  test: 'cases',
  examples: 'cases',
  page: 'from',
  origin: 'from',
  given: 'request',
  input: 'request',
  output: 'expect',
  result: 'expect',
  decision: 'outcome',
  allowed: 'outcome',
  title: 'name',
  id: 'name',
  description: 'name',
  allowedcells: 'allow',
  exposedheaders: 'exposed',
}

/**
 * One of `keys`: the same but for case and separators, or another word for it, or a few letters away; a key that is
 * `missing` may be farther.
 */
export function nearKey(key: string, keys: readonly string[], missing: readonly string[] = []): string | undefined {
  const plain = plainly(key)
  const same = keys.find((k) => plainly(k) === plain)
  if (same !== undefined) return same
  const meant = [synonyms, suiteSynonyms].map((table) => (Object.hasOwn(table, plain) ? table[plain] : undefined))
  return (
    meant.find((word) => word !== undefined && keys.includes(word)) ??
    nearWord(key, keys) ??
    nearest(key, missing, Math.max(1, Math.min(3, Math.floor(key.length / 2))))
  )
}

/** One of `words`, at most a third of its letters away, and three. */
export function nearWord(text: string, words: readonly string[]): string | undefined {
  return nearest(text, words, Math.min(3, Math.floor((text.length + 1) / 3)))
}

/** So many words are held against each text that may be any of very many. */
const mostWords = 1000
const mostFaults = 50

/** The same where a document may hold very many texts and words: nothing behind so many faults, nor among more words. */
export function nearOneOf(text: string, words: () => readonly string[], faultsBefore: number): string | undefined {
  return faultsBefore < mostFaults ? nearWord(text, words().slice(0, mostWords)) : undefined
}

/** The first of those that are nearest. */
function nearest(text: string, words: readonly string[], most: number): string | undefined {
  let found: string | undefined
  let least = most + 1
  for (const word of words) {
    if (least === 0) break
    const distance = editDistance(text, word, least - 1)
    if (distance >= least) continue
    found = word
    least = distance
  }
  return found
}

function plainly(key: string): string {
  if (key.length > 60) return key
  return key
    .toLowerCase()
    .replace(/[-_. ]/g, '')
    .replace(/^accesscontrol/, '')
}
