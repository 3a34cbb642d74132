/** The cures of diagnostics, put into the text that they are of. */
import type { Diagnostic } from '../diagnostic.js'
import { editJson } from './fix-json.js'
import { editYaml } from './fix-yaml.js'
import { readJson } from './json.js'
import { formatOf, type ParseOptions } from './parse.js'
import { readYaml } from './yaml.js'

type Path = readonly (string | number)[]

/** At a path into the document: another text, or nothing any more. */
export interface Edit {
  readonly path: Path
  readonly text: string | undefined
  /** The text is that of a number. */
  readonly isNumber?: boolean
}

/**
 * The text with every `fix` put in its place and every value that is to `remove` gone. Nothing else changes: comments
 * stay, but for one behind a value that goes, and so does the layout. What a place does not have any more, or a list
 * cannot do without, is passed over.
 *
 * `format`: of the text, or what `parsePolicy` was told of it.
 *
 * Precondition: `parsePolicy` reads the text, and the diagnostics are of it as it stands.
 */
export function applyFixes(
  text: string,
  diagnostics: readonly Diagnostic[],
  format: NonNullable<ParseOptions['format']> | ParseOptions,
): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
  const body = text.slice(mark.length)
  const isYaml = formatOf(body, typeof format === 'object' ? format : { format }) === 'yaml'
  const { value, place } = isYaml ? readYaml(body) : readJson(body)
  const edits = editsOf(diagnostics, value)
  return mark + (isYaml ? editYaml(body, edits) : editJson(body, place, edits))
}

/** Lists that mean something else once they are empty, or may not be. */
const indispensable: readonly unknown[] = ['methods', 'origins']
/** Lists that say nothing once they are empty. */
const dispensable: readonly unknown[] = ['requestHeaders', 'exposedHeaders', 'accept']

/** In the order of the diagnostics; the first at a place counts. Each is looked at once: there may be very many. */
function editsOf(diagnostics: readonly Diagnostic[], document: unknown): readonly Edit[] {
  const edits = new Map<string, Edit>()
  const lists = new Map<string, Members>()
  for (const { pointer, fix, remove } of diagnostics) {
    const path = pathOf(pointer)
    const value = valueAt(document, path)
    if ((fix === undefined && remove !== true) || edits.has(pointer) || value === undefined) continue
    const members = remembered(lists, parentOf(pointer), () => membersOf(valueAt(document, path.slice(0, -1))))
    count(members, value, -1)
    // A text that becomes one of the other members of its list goes instead.
    const text = fix !== undefined && members.has(fix) ? undefined : fix
    if (text !== undefined) count(members, text, 1)
    // The only value that may be a number: its digits in quotes are a fault.
    const isNumber = path.at(-1) === 'maxAge' && /^[0-9]+$/.test(fix ?? '')
    edits.set(pointer, { path, text, isNumber })
  }
  return withoutEmptied(edits, document)
}

/** The members of a list as they will be, and how often each is there; nothing of what is no list. */
type Members = Map<unknown, number>

function membersOf(list: unknown): Members {
  const members: Members = new Map()
  if (Array.isArray(list)) for (const member of list) count(members, member, 1)
  return members
}

function count(members: Members, member: unknown, more: 1 | -1): void {
  const times = (members.get(member) ?? 0) + more
  if (times > 0) members.set(member, times)
  else members.delete(member)
}

/** Where all members of a collection would go, it goes itself, or they stay. */
function withoutEmptied(edits: ReadonlyMap<string, Edit>, document: unknown): readonly Edit[] {
  const going = new Map<string, number>()
  for (const [pointer, { text }] of edits) {
    if (text === undefined) going.set(parentOf(pointer), (going.get(parentOf(pointer)) ?? 0) + 1)
  }
  const sizes = new Map<string, number>()
  const kept: Edit[] = []
  const whole = new Map<string, Edit>()
  for (const [pointer, edit] of edits) {
    const path = edit.path.slice(0, -1)
    const parent = parentOf(pointer)
    const size = remembered(sizes, parent, () => Object.keys(fieldsOf(valueAt(document, path))).length)
    const name = path.at(-1)
    if ((going.get(parent) ?? 0) < size || edit.text !== undefined) kept.push(edit)
    else if (dispensable.includes(name) || path.length === 1) whole.set(parent, { path, text: undefined })
    else if (!indispensable.includes(name)) kept.push(edit)
  }
  return [...kept, ...whole.values()]
}

function remembered<V>(known: Map<string, V>, key: string, make: () => V): V {
  const before = known.get(key)
  if (before !== undefined) return before
  const made = make()
  known.set(key, made)
  return made
}

/** The pointer without its last token. */
function parentOf(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')))
}

/** The tokens of a JSON Pointer; digits alone are taken for an index. No key of a policy is a number. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => (/^[0-9]+$/.test(token) ? Number(token) : token.replaceAll('~1', '/').replaceAll('~0', '~')))
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce(
    (value, token) => (Object.hasOwn(fieldsOf(value), token) ? fieldsOf(value)[token] : undefined),
    document,
  )
}

function fieldsOf(value: unknown): Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>) : {}
}
