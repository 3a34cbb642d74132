/** Text of any kind is a document or diagnostics that say where, soon. */
import assert from 'node:assert/strict'
import { checkPolicy, type Diagnostic, PolicyError } from '@safeconduct/core'
import { lint } from '@safeconduct/core/analysis'
import { applyFixes, parsePolicy, parseSuite } from '@safeconduct/core/text'
import fc from 'fast-check'
import { hostile } from '../../support/generate.js'
import { area } from '../area.js'
import { editedText } from '../edits.js'
import { type Format, texts } from '../seeds.js'

interface Input {
  readonly text: string
  readonly format: Format
}

const formats = fc.constantFrom<Format>('json', 'jsonc', 'yaml')
const edited = fc
  .constantFrom(...texts)
  .chain(({ text, format }) => fc.record({ text: editedText(fc.constant(text)), format: fc.constant(format) }))

export const text = area<Input>({
  name: 'text',
  about: 'a text is read as a document, or told of with a place in it',
  inputs: fc.oneof(
    { weight: 12, arbitrary: edited },
    { weight: 1, arbitrary: fc.record({ text: hostile, format: formats }) },
    { weight: 1, arbitrary: fc.record({ text: fc.json(), format: formats }) },
  ),
  check: ({ text, format }) => {
    const { document, diagnostics } = readBy(parsePolicy, text, format)
    for (const each of diagnostics) assertTold(each, text)
    assert.ok(document !== undefined || diagnostics.some(({ severity }) => severity === 'error'), 'nothing is told')
    readBy(parseSuite, text, format)
    if (format === 'json') agreesWithJson(text, document, diagnostics)
    if (document === undefined) return
    const meaning = [...checkPolicy(document), ...(diagnostics.length === 0 ? lint(document) : [])]
    for (const each of meaning) assertTold(each, text)
    applyFixes(text, meaning, format)
  },
})

type Read<T> = (text: string, options: { format: Format }) => T

function readBy<T>(
  parse: Read<T>,
  text: string,
  format: Format,
): { readonly document?: T; readonly diagnostics: readonly Diagnostic[] } {
  try {
    return { document: parse(text, { format }), diagnostics: [] }
  } catch (thrown) {
    if (thrown instanceof PolicyError) return { diagnostics: thrown.diagnostics }
    throw thrown
  }
}

function assertTold(diagnostic: Diagnostic, text: string): void {
  const { code, message, position } = diagnostic
  const lines = text.split(/\r\n|\r|\n/)
  assert.ok(message.length > 0 && !/[\r\n]/.test(message), `${code}: not one line: ${JSON.stringify(message)}`)
  assert.ok(position !== undefined, `${code} has no position: ${message}`)
  const line = lines[position.line - 1]
  assert.ok(
    line !== undefined && position.column >= 1,
    `${code} at ${position.line}:${position.column} of ${lines.length} lines`,
  )
  assert.ok(position.column <= line.length + 1, `${code} at ${position.line}:${position.column}, behind the line's end`)
}

/** What JSON.parse reads is read, to the same value; but half a character is told of, which no file in UTF-8 has. */
function agreesWithJson(text: string, document: unknown, diagnostics: readonly Diagnostic[]): void {
  if (/\p{Surrogate}/u.test(text)) return
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return
  }
  assert.ok(!diagnostics.some(({ code }) => code === 'syntax'), 'JSON.parse reads it')
  if (document !== undefined) assert.deepEqual(document, value)
}
