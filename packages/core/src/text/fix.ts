/** The cures of diagnostics, put into the text that they are of. */
import type { Diagnostic } from '../diagnostic.js'
import { editJson } from './fix-json.js'
import { editYaml } from './fix-yaml.js'
import { readJson } from './json.js'
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
 * Precondition: `parsePolicy` reads the text, and the diagnostics are of it as it stands.
 */
export function applyFixes(
  text: string,
  diagnostics: readonly Diagnostic[],
  format: 'json' | 'jsonc' | 'yaml',
): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
  const body = text.slice(mark.length)
  const { value, place } = format === 'yaml' ? readYaml(body) : readJson(body)
  const edits = editsOf(diagnostics, value)
  return mark + (format === 'yaml' ? editYaml(body, edits) : editJson(body, place, edits))
}

/** Lists that mean something else once they are empty, or may not be. */
const indispensable: readonly unknown[] = ['methods', 'origins']
/** Lists that say nothing once they are empty. */
const dispensable: readonly unknown[] = ['requestHeaders', 'exposedHeaders', 'accept']

/** In the order of the diagnostics; the first at a place counts. */
function editsOf(diagnostics: readonly Diagnostic[], document: unknown): readonly Edit[] {
  const edits = new Map<string, Edit>()
  for (const { pointer, fix, remove } of diagnostics) {
    const path = pathOf(pointer)
    if ((fix === undefined && remove !== true) || edits.has(pointer) || valueAt(document, path) === undefined) continue
    const twice = fix !== undefined && siblings(document, path, edits).includes(fix)
    // The only value that may be a number: its digits in quotes are a fault.
    const isNumber = path.at(-1) === 'maxAge' && /^[0-9]+$/.test(fix ?? '')
    edits.set(pointer, { path, text: twice ? undefined : fix, isNumber })
  }
  return withoutEmptied([...edits.values()], document)
}

/** The other members of a list as they will be: a value that becomes one of them goes instead. */
function siblings(document: unknown, path: Path, edits: ReadonlyMap<string, Edit>): readonly unknown[] {
  const parent = path.slice(0, -1)
  const list = valueAt(document, parent)
  if (!Array.isArray(list)) return []
  const edited = new Map(
    [...edits.values()].filter((edit) => isBelow(edit.path, parent)).map((edit) => [edit.path.at(-1), edit.text]),
  )
  return list.flatMap((member, i) => (i === path.at(-1) ? [] : [edited.has(i) ? edited.get(i) : member]))
}

/** Where all members of a collection would go, it goes itself, or they stay. */
function withoutEmptied(edits: readonly Edit[], document: unknown): readonly Edit[] {
  const kept: Edit[] = []
  const whole = new Map<string, Edit>()
  for (const edit of edits) {
    const parent = edit.path.slice(0, -1)
    const size = Object.keys(fieldsOf(valueAt(document, parent))).length
    const going = edits.filter((other) => other.text === undefined && isBelow(other.path, parent)).length
    const name = parent.at(-1)
    if (going < size || edit.text !== undefined) kept.push(edit)
    else if (dispensable.includes(name) || parent.length === 1)
      whole.set(parent.join('/'), { path: parent, text: undefined })
    else if (!indispensable.includes(name)) kept.push(edit)
  }
  return [...kept, ...whole.values()]
}

function isBelow(path: Path, parent: Path): boolean {
  return path.length === parent.length + 1 && parent.every((token, i) => path[i] === token)
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
