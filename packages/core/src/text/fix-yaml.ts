/** Edits of YAML. The library tells where the parts stand; the text between them is cut by hand, so that the layout stays. */
import {
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Edit } from './fix.js'
import { type Splice, spliced } from './splice.js'

export function editYaml(text: string, edits: readonly Edit[]): string {
  const root = parseDocument(text, { version: '1.2', schema: 'core', merge: false, uniqueKeys: false }).contents
  const splices: Splice[] = []
  const removals = new Map<Parent, Set<Member>>()
  const members = memberReader()
  for (const { path, text: replacement, isNumber } of edits) {
    const parent = nodeAt(root, path.slice(0, -1), members)
    const member = members(parent).get(path.at(-1))
    if (member === undefined || !isCollection(parent)) continue
    if (replacement === undefined) removals.set(parent, (removals.get(parent) ?? new Set()).add(member))
    else if (isScalar(member.node)) {
      const node = member.node as ParsedNode
      const [from, to] = node.range
      splices.push(isNumber === true ? { from, to, text: replacement } : replacing(text, node, replacement))
    }
  }
  for (const [parent, going] of removals) splices.push(...removing(text, parent, [...members(parent).values()], going))
  return spliced(text, splices)
}

type Parent = YAMLMap.Parsed | YAMLSeq.Parsed

interface Member {
  readonly token: string | number
  readonly node: ParsedNode | null
  /** Of its key, or of itself. */
  readonly from: number
  readonly to: number
}

/** By key or index, in the order of the text. */
type Members = ReadonlyMap<unknown, Member>

/** The members of a collection, each of which is read once: it may have very many, and as many edits. */
function memberReader(): (node: unknown) => Members {
  const known = new Map<unknown, Members>()
  return (node) => {
    const before = known.get(node)
    if (before !== undefined) return before
    const members = new Map(membersOf(node).map((member) => [member.token, member]))
    known.set(node, members)
    return members
  }
}

function membersOf(node: unknown): readonly Member[] {
  if (isSeq(node)) {
    return (node.items as ParsedNode[]).map((item, token) => ({
      token,
      node: item,
      from: item.range[0],
      to: item.range[1],
    }))
  }
  if (!isMap(node)) return []
  return (node.items as Pair<ParsedNode, ParsedNode | null>[]).map(({ key, value }) => ({
    token: isScalar(key) ? String(key.value) : '',
    node: value,
    from: key.range[0],
    to: (value ?? key).range[1],
  }))
}

function nodeAt(root: unknown, path: Edit['path'], members: (node: unknown) => Members): Parent | undefined {
  let node = root
  for (const token of path) node = members(node).get(token)?.node
  return isCollection(node) ? (node as Parent) : undefined
}

/** In the quotes that it has, or in none where it needs none. */
function replacing(text: string, { range: [from, to] }: ParsedNode, replacement: string): Splice {
  const needsQuotes =
    !/^[A-Za-z0-9][A-Za-z0-9:/._-]*[A-Za-z0-9/_-]$/.test(replacement) ||
    /^[0-9.]+$|^(?:true|false|null)$/i.test(replacement)
  const single = text[from] === "'" && !replacement.includes("'")
  const plain = text[from] !== '"' && !needsQuotes
  return { from, to, text: single ? `'${replacement}'` : plain ? replacement : JSON.stringify(replacement) }
}

function removing(text: string, parent: Parent, members: readonly Member[], going: ReadonlySet<Member>): Splice[] {
  if (going.size === members.length) return [emptied(text, parent)]
  if (parent.flow === true) return removingFlow(members, going)
  return members.flatMap((member, i) => (going.has(member) ? removingBlock(text, parent, member, members[i + 1]) : []))
}

/** `[]` or `{}` where the collection was; behind its key, since a block may stand at the key's own column. */
function emptied(text: string, parent: Parent): Splice {
  const [from, end] = parent.range
  const to = text.slice(0, end).trimEnd().length
  const before = text.slice(0, from).trimEnd()
  const empty = isSeq(parent) ? '[]' : '{}'
  return before.endsWith(':') ? { from: before.length, to, text: ` ${empty}` } : { from, to, text: empty }
}

/** As in JSON: with the comma behind, or the comma before where nothing stays behind. */
function removingFlow(members: readonly Member[], going: ReadonlySet<Member>): Splice[] {
  const last = members.findLastIndex((member) => !going.has(member))
  const stays = members[last] as Member
  const inside = members.flatMap((member, i): Splice[] => {
    const next = members[i + 1]
    return i < last && next !== undefined && going.has(member) ? [{ from: member.from, to: next.from, text: '' }] : []
  })
  return last === members.length - 1
    ? inside
    : [...inside, { from: stays.to, to: (members.at(-1) as Member).to, text: '' }]
}

/** The lines of a member, or, where it begins on its parent's line, all up to the next one. */
function removingBlock(text: string, parent: Parent, member: Member, next: Member | undefined): Splice[] {
  const dash = isSeq(parent) ? text.slice(0, member.from).trimEnd() : undefined
  if (dash !== undefined && !dash.endsWith('-')) return []
  const start = dash === undefined ? member.from : dash.length - 1
  const line = text.lastIndexOf('\n', start - 1) + 1
  if (text.slice(line, start).trim() === '') return [{ from: line, to: lineEnd(text, member.to), text: '' }]
  return next === undefined || dash !== undefined ? [] : [{ from: member.from, to: next.from, text: '' }]
}

/** Behind the line break of the line on which a value ends; some end behind theirs already. */
function lineEnd(text: string, at: number): number {
  if (text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}
