/** A document of the YAML library as plain data, with its places. */
import { isMap, isScalar, isSeq, type Pair, type ParsedNode, type YAMLMap } from 'yaml'
import { diagnose, pointer } from '../diagnostic.js'
import { bracesSentence, keySentence } from '../syntax-sentences.js'
import { type Place, setMember } from './reading.js'
import type { Report } from './yaml-scan.js'

interface Walk {
  readonly text: string
  readonly report: Report
  readonly path: (string | number)[]
}

type Read = { readonly value: unknown; readonly place: Place }

/** The nesting has been bounded before. */
export function readNode(node: ParsedNode, text: string, report: Report): Read {
  return read(node, { text, report, path: [] })
}

function read(node: ParsedNode, walk: Walk): Read {
  const at = node.range[0]
  if (isMap(node)) return readMap(node, at, walk)
  if (!isSeq(node)) return { value: isScalar(node) ? node.value : null, place: { at } }
  const list: unknown[] = []
  const below: Place[] = []
  for (const item of node.items) {
    walk.path.push(list.length)
    const { value, place } = read(item as ParsedNode, walk)
    walk.path.pop()
    list.push(value)
    below.push(place)
  }
  return { value: list, place: { at, below } }
}

function readMap(map: YAMLMap.Parsed, at: number, walk: Walk): Read {
  const object = {}
  const below = new Map<string, Place>()
  for (const { key: keyNode, value: valueNode } of map.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const keyAt = keyNode.range[0]
    const key = keyOf(keyNode)
    if (key === undefined) {
      walk.report(diagnose('syntax', pointer(...walk.path), [keySentence()]), keyAt)
      continue
    }
    walk.path.push(key)
    if (valueNode === null && map.flow === true) {
      // `{woff,woff2}` without quotes: a mapping of nothing to nothing.
      const found = walk.text.slice(at, map.range[1])
      walk.report(diagnose('syntax', pointer(...walk.path.slice(0, -1)), [bracesSentence(found)]), at)
    }
    if (below.has(key)) walk.report(diagnose('duplicate-key', pointer(...walk.path), [key]), keyAt)
    const { value, place } = valueNode === null ? { value: null, place: { at: keyAt } } : read(valueNode, walk)
    walk.path.pop()
    below.set(key, { ...place, key: keyAt })
    setMember(object, key, value)
  }
  return { value: object, place: { at, below } }
}

/** A key is text, so that `404` and `true` are names as they are written; undefined for an empty one, or a collection. */
function keyOf(node: ParsedNode): string | undefined {
  if (!isScalar(node)) return undefined
  if (typeof node.value === 'string') return node.value
  return node.source === undefined || node.source === '' ? undefined : node.source
}
