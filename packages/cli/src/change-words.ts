/** A change between two policies in words: who, what, where, and a request that shows it. */
import type { Change } from '@safeconduct/core/analysis'
import { requestWords } from './request-words.js'

/** How what the user wrote is marked: in backticks, or as a report likes it. */
export type Mark = (text: string) => string

const inBackticks: Mark = (text) => `\`${text}\``

/** More names than this are counted. */
const mostNamed = 4

export function whoIs({ origins, exceptOrigins }: Change, mark: Mark = inBackticks): string {
  if (origins.includes('*')) return exceptOrigins.length === 0 ? 'any website' : 'any other website'
  return `${listed(origins.map(mark))}${except(exceptOrigins, mark)}`
}

/** What follows "may now" or "may no longer". */
export function whatIs(
  { difference, withCredentials, whole, unlessServed, direction }: Change,
  mark: Mark = inBackticks,
): string {
  const methods = methodsIn(difference, whole, mark)
  const sent = headersIn('request', difference.requestHeaders, difference.otherRequestHeaders, mark)
  const read = headersIn('response', difference.exposedHeaders, false, mark)
  const parts = [
    ...(methods === '' ? [] : [`use ${methods}${unlessServed ? ' where the router does not serve it' : ''}`]),
    ...(sent === '' ? [] : [`send ${sent}`]),
    ...(read === '' ? [] : [`read ${read}`]),
    ...(difference.credentials && !whole ? ['use credentials (cookies)'] : []),
  ]
  const also = !whole && direction === 'broader' ? 'also ' : ''
  const how = whole ? `, ${withCredentials ? 'with credentials (cookies)' : 'without credentials'}` : ''
  return `${also}${joined(parts)}${how}`
}

function methodsIn({ methods, otherMethods, servedMethods }: Change['difference'], whole: boolean, mark: Mark): string {
  if (whole && otherMethods) return 'every method'
  // GET implies HEAD.
  const named = methods.filter((name) => name !== 'HEAD' || !methods.includes('GET')).map(mark)
  const others = otherMethods
    ? ['every other method']
    : servedMethods
      ? ['every method that the router serves there']
      : []
  return joined([...named, ...others])
}

function headersIn(kind: 'request' | 'response', names: readonly string[], others: boolean, mark: Mark): string {
  if (names.includes('*')) return `every ${kind} header`
  if (names.length === 0) return others ? `any other ${kind} header` : ''
  const listing = listed([...names.map(mark), ...(others ? ['any other'] : [])])
  return `the ${kind} ${names.length === 1 && !others ? 'header' : 'headers'} ${listing}`
}

export function whereIs({ paths, exceptPaths }: Change, mark: Mark = inBackticks): string {
  return paths.length === 0 ? 'where a route names the rule' : `${listed(paths.map(mark))}${except(exceptPaths, mark)}`
}

/** The rules that decide, where they say more than one of them would. */
export function rulesOf({ before, after }: Change, mark: Mark = inBackticks): string {
  if (before === after) return `rule ${mark(after ?? '')}`
  if (before === undefined) return `rule ${mark(after ?? '')}, no rule before`
  return after === undefined
    ? `rule ${mark(before)} before, no rule now`
    : `rule ${mark(after)}, ${mark(before)} before`
}

/** Rule, who, what, where, and a request that shows it: one sentence. */
export function changeSentence(change: Change): string {
  const verb = change.direction === 'broader' ? 'may now' : 'may no longer'
  const where = `${change.paths.length === 0 ? '' : 'at '}${whereIs(change)}`
  return `${whoIs(change)} ${verb} ${whatIs(change)}, ${where} (${rulesOf(change)}); e.g. \`${requestWords(change.witness)}\``
}

/** What becomes of the witness, before and now. */
export function outcomeWords({ before, after }: Change['reasons']): string {
  if (before === after) return 'allowed before and now, with other headers'
  return `${outcomeOf(before)} before, ${outcomeOf(after)} now`
}

function outcomeOf(reason: Change['reasons']['before']): string {
  return reason === 'allowed' ? reason : `refused (${reason})`
}

/** Why not everything could be looked through. */
export function tangledWords(globs: readonly string[]): string {
  return globs.length === 0
    ? 'the globs combine in more ways than can be looked through'
    : `${listed(globs)} combine in more ways than can be looked through`
}

function except(names: readonly string[], mark: Mark): string {
  return names.length === 0 ? '' : `, except ${listed(names.map(mark))}`
}

function listed(names: readonly string[]): string {
  return names.length <= mostNamed + 1
    ? joined(names)
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
