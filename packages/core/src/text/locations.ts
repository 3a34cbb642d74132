/** From JSON Pointers to lines and columns. */
import type { Position } from '../diagnostic.js'
import type { Locate } from '../policy/document.js'
import type { Place } from './reading.js'

/** Offset → line and column, both from 1. A line ends with LF, CR LF or CR. */
export function lineFinder(text: string): (at: number) => { readonly line: number; readonly column: number } {
  let starts: number[] | undefined
  return (at) => {
    starts ??= lineStarts(text)
    let low = 0
    for (let high = starts.length; high - low > 1; ) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === lineFeed || (unit === carriageReturn && text.charCodeAt(i + 1) !== lineFeed)) starts.push(i + 1)
  }
  return starts
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Where the value at a pointer stands, or its key; for a pointer to nothing, where its nearest ancestor stands. */
export function locator(root: Place, positionAt: (at: number) => Position): Locate {
  return (pointer, part = 'value') => {
    let place = root
    for (const token of pointer.split('/').slice(1)) {
      const next = placeBelow(place, token.replaceAll('~1', '/').replaceAll('~0', '~'))
      if (next === undefined) return positionAt(place.at)
      place = next
    }
    return positionAt(part === 'key' ? (place.key ?? place.at) : place.at)
  }
}

function placeBelow({ below }: Place, token: string): Place | undefined {
  if (below === undefined) return undefined
  if (below instanceof Map) return below.get(token)
  return /^(?:0|[1-9][0-9]*)$/.test(token) ? (below as readonly Place[])[Number(token)] : undefined
}
