/** Edits of JSON with comments. The text has been read without a fault, so its grammar need not be looked at again. */
import type { Edit } from './fix.js'
import type { Place } from './reading.js'
import { type Splice, spliced } from './splice.js'

/** `root`: where the parts of the text stand. */
export function editJson(text: string, root: Place, edits: readonly Edit[]): string {
  const splices: Splice[] = []
  const removals = new Map<Place, Set<Place>>()
  for (const { path, text: replacement, isNumber } of edits) {
    const parent = placeAt(root, path.slice(0, -1))
    const place = placeAt(root, path)
    if (parent === undefined || place === undefined) continue
    if (replacement === undefined) removals.set(parent, (removals.get(parent) ?? new Set()).add(place))
    else if (!'[{'.includes(text[place.at] ?? '['))
      splices.push({
        from: place.at,
        to: endOf(text, place.at),
        text: isNumber === true ? replacement : JSON.stringify(replacement),
      })
  }
  for (const [parent, places] of removals) splices.push(...removing(text, [...(parent.below?.values() ?? [])], places))
  return spliced(text, splices)
}

function placeAt(root: Place, path: Edit['path']): Place | undefined {
  let place: Place | undefined = root
  for (const token of path) {
    const below: Place['below'] = place?.below
    place = below instanceof Map ? below.get(String(token)) : (below as readonly Place[] | undefined)?.[Number(token)]
  }
  return place
}

/** A member goes with the comma behind it; where nothing stays behind it, with the comma before. */
function removing(text: string, members: readonly Place[], going: ReadonlySet<Place>): Splice[] {
  const last = members.findLastIndex((member) => !going.has(member))
  const splices = members.slice(0, Math.max(last, 0)).flatMap((member, i): Splice[] => {
    const next = members[i + 1]
    return next !== undefined && going.has(member) ? [{ from: startOf(member), to: startOf(next), text: '' }] : []
  })
  const first = members[last + 1]
  return first === undefined
    ? splices
    : [...splices, ...removingEnd(text, members[last], first, members.at(-1) as Place)]
}

/** Removes `first` and all up to `end`, the last of the list; `stays` is the member before, if there is one. */
function removingEnd(text: string, stays: Place | undefined, first: Place, end: Place): Splice[] {
  const from = text.slice(0, startOf(first)).trimEnd().length
  const to = pastComment(text, pastComma(text, endOf(text, end.at)))
  const blanks = text.slice(from, startOf(first))
  // What follows on the line must not come behind a comment.
  const goes = { from, to, text: blanks.includes('\n') && !isLineEnd(text, to) ? blanks : '' }
  const hadComma = pastComma(text, endOf(text, end.at)) !== endOf(text, end.at)
  if (stays === undefined || hadComma) return [goes]
  const comma = triviaEnd(text, endOf(text, stays.at))
  return [{ from: comma, to: comma + 1, text: '' }, goes]
}

function startOf({ at, key }: Place): number {
  return key ?? at
}

/** Whether nothing but blanks is left on the line. */
function isLineEnd(text: string, at: number): boolean {
  const blanks = /[ \t]*(?:[\r\n]|$)/y
  blanks.lastIndex = at
  return blanks.test(text)
}

/** Behind the comment that ends the line, where one does. */
function pastComment(text: string, at: number): number {
  const comment = /[ \t]*\/\/[^\r\n]*/y
  comment.lastIndex = at
  return comment.test(text) ? comment.lastIndex : at
}

/** Behind the comma that comes next, where one does. */
function pastComma(text: string, at: number): number {
  const next = triviaEnd(text, at)
  return text[next] === ',' ? next + 1 : at
}

/** Behind blanks and comments. */
function triviaEnd(text: string, from: number): number {
  let at = from
  for (;;) {
    while (' \t\r\n'.includes(text[at] ?? '.')) at++
    const closer = text.startsWith('//', at) ? '\n' : text.startsWith('/*', at) ? '*/' : undefined
    if (closer === undefined) return at
    const end = text.indexOf(closer, at + 2)
    at = end === -1 ? text.length : end + closer.length
  }
}

/** Behind the value that begins here. */
function endOf(text: string, from: number): number {
  let depth = 0
  for (let at = from; ; ) {
    const character = text[at]
    if (character === undefined) return at
    if (character === '"') at = stringEnd(text, at)
    else if (character === '[' || character === '{') {
      depth++
      at++
    } else if (character === ']' || character === '}') {
      depth--
      at++
    } else if (/[\w.+-]/.test(character)) while (/[\w.+-]/.test(text[at] ?? ' ')) at++
    else at++
    if (depth === 0) return at
    at = triviaEnd(text, at)
  }
}

function stringEnd(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
