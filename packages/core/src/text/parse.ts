/** From text to a document: JSON, JSONC or YAML, with positions. */
import { type Diagnostic, diagnose, errorsFirst, PolicyError, type Position } from '../diagnostic.js'
import { checkPolicy } from '../policy/check.js'
import { type PolicyDocument, withLocations } from '../policy/document.js'
import { checkShape } from '../policy/shape.js'
import type { SuiteDocument } from '../suite/document.js'
import { readSuiteShape } from '../suite/shape.js'
import * as say from '../syntax-sentences.js'
import { readJson } from './json.js'
import { lineFinder, locator } from './locations.js'
import type { Reading } from './reading.js'
import { readYaml } from './yaml.js'

export interface ParseOptions {
  /** Named in positions; its extension tells the format. */
  readonly file?: string
  /** By default from the file's extension, else from the text: JSON if it begins with a bracket or a comment of JSON. */
  readonly format?: 'json' | 'jsonc' | 'yaml'
}

const mostMebibytes = 4
const mostBytes = mostMebibytes << 20

/**
 * Reads a policy document. JSON may have comments and trailing commas, also where it is called `.json`; YAML is YAML 1.2
 * without aliases, anchors and tags. A byte order mark is passed over.
 *
 * Throws PolicyError where the text or the document's shape is at fault, with everything that is wrong; each has its
 * position. Where both are sound, what the document means is left to `checkPolicy` and `compilePolicy`: it carries its
 * positions there, though not to a copy.
 */
export function parsePolicy(text: string, options: ParseOptions = {}): PolicyDocument {
  return parsed<PolicyDocument>('policy', text, options)
}

/**
 * Reads a suite of policy tests, by the same rules. What is wrong with it beyond its shape is left to `checkSuite` and
 * `runSuite`.
 *
 * @throws PolicyError where the text or the suite's shape is at fault, with everything that is wrong and its position.
 */
export function parseSuite(text: string, options: ParseOptions = {}): SuiteDocument {
  return parsed<SuiteDocument>('suite', text, options)
}

/**
 * What is at fault in a document that cannot be returned; empty for one that can. Where a policy's shape is at fault what
 * can be said of its meaning is said now.
 */
const faultsOf: Readonly<Record<'policy' | 'suite', (value: unknown) => readonly Diagnostic[]>> = {
  policy: (value) => (checkShape(value).length > 0 ? checkPolicy(value) : []),
  suite: (value) => readSuiteShape(value).diagnostics,
}

function parsed<T extends object>(kind: keyof typeof faultsOf, text: string, options: ParseOptions): T {
  const { file } = options
  const body = typeof text === 'string' ? text.replace(/^\ufeff/, '') : ''
  const find = lineFinder(body)
  const positionAt = (at: number): Position => ({ ...(file === undefined ? {} : { file }), ...find(at) })
  const refused = typeof text === 'string' ? refusal(body) : syntaxAt(0, say.notTextSentence(typeof text))
  if (refused !== undefined) throw new PolicyError([{ ...refused.diagnostic, position: positionAt(refused.at) }])
  const reading = formatOf(body, options) === 'yaml' ? readYaml(body, kind) : readJson(body, kind)
  const locate = locator(reading.place, positionAt)
  const found = [...reading.faults]
    .sort((a, b) => a.at - b.at)
    .map(({ diagnostic, at }) => ({ ...diagnostic, position: positionAt(at) }))
  if (isWhole(reading)) {
    const wrong = faultsOf[kind](reading.value)
    found.push(...wrong.map((d) => ({ ...d, position: locate(d.pointer, d.code === 'unknown-key' ? 'key' : 'value') })))
  }
  if (found.length > 0) throw new PolicyError(errorsFirst(found))
  return withLocations(reading.value as T, locate)
}

/** A text in which only keys are repeated still has a shape to be checked. */
function isWhole({ faults }: Reading): boolean {
  return faults.every(({ diagnostic }) => diagnostic.code === 'duplicate-key')
}

interface Refusal {
  readonly diagnostic: Diagnostic
  readonly at: number
}

/** What is refused before a reader sees it. */
function refusal(text: string): Refusal | undefined {
  if (isLarger(text, mostBytes)) return { diagnostic: diagnose('text-too-large', '', [`${mostMebibytes} MiB`]), at: 0 }
  const at = text.search(unwanted)
  return at === -1 ? undefined : syntaxAt(at, say.characterSentence(text.charCodeAt(at)))
}

function syntaxAt(at: number, sentence: string): Refusal {
  return { diagnostic: diagnose('syntax', '', [sentence]), at }
}

/** Control characters but tab and line ends, and halves of surrogate pairs. */
const unwanted =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

/** Whether the text has more bytes in UTF-8. */
function isLarger(text: string, limit: number): boolean {
  if (text.length > limit || text.length * 3 <= limit) return text.length > limit
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Half of a pair is half of four bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes > limit
}

/** `text`: without a byte order mark. */
export function formatOf(text: string, { file, format }: ParseOptions): 'json' | 'yaml' {
  if (format !== undefined) return format === 'yaml' ? 'yaml' : 'json'
  if (file !== undefined && /\.ya?ml$/i.test(file)) return 'yaml'
  if (file !== undefined && /\.jsonc?$/i.test(file)) return 'json'
  return /^\s*(?:[{[]|\/[/*])/.test(text) ? 'json' : 'yaml'
}
