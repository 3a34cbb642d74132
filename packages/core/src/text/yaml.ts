/**
 * YAML 1.2, core schema, one document, without aliases, anchors, tags, directives and merge keys.
 *
 * The YAML library recurses as deep as the text nests, keeps an error for every fault and looks for repeated keys pair
 * by pair, so that a hostile text of a few megabytes ends the process or takes an hour. Therefore the text is scanned first,
 * by the library's lexer, which keeps no stack; its parser is handed one token after the other, and no more once its
 * stack is too deep; faults are counted, and repeated keys are found here.
 */
import { Composer, type CST, type ParsedNode, Parser } from 'yaml'
import { diagnose } from '../diagnostic.js'
import { deepest } from '../policy/plain-data.js'
import * as say from '../syntax-sentences.js'
import { lineFinder } from './locations.js'
import { mostFaults, type Reading, stop, type TextFault } from './reading.js'
import { ofLayout, yamlFault } from './yaml-fault.js'
import { readNode } from './yaml-node.js'
import { type Report, scan, tooMuch } from './yaml-scan.js'

const mostReports = 1000

const options = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const

/** What the text is to hold is named where it is empty. */
export function readYaml(text: string, document: 'policy' | 'suite' = 'policy'): Reading {
  const faults: TextFault[] = []
  const find = lineFinder(text)
  let reports = 0
  let stopped = false
  /** Too many faults end the reading. The library catches what is thrown at it, and reports that too. */
  const report: Report = (diagnostic, at, unlessIn) => {
    if (stopped) throw stop
    const { line } = find(at)
    const told = faults.some(
      (f) => f.at === at || unlessIn === 'text' || (unlessIn === 'line' && find(f.at).line === line),
    )
    if (!told) faults.push({ diagnostic, at })
    if (faults.length < mostFaults && ++reports < mostReports) return
    stopped = true
    faults.push({ diagnostic: diagnose('syntax', '', [say.furtherSentence()]), at })
    throw stop
  }
  try {
    const contents = compose(text, report)
    if (contents === undefined) report(diagnose('syntax', '', [say.emptySentence(document)]), 0)
    else if (faults.every(({ diagnostic }) => diagnostic.code !== 'syntax'))
      return { ...readNode(contents, text, report), faults }
  } catch (thrown) {
    if (thrown !== stop) throw thrown
  }
  return { value: undefined, place: { at: 0 }, faults }
}

/** The root of the document; undefined if there is none. */
function compose(text: string, report: Report): ParsedNode | undefined {
  const composer = new Composer(options)
  /** Where the library has noticed a fault, which may be told of at another place. */
  const passed = new Set<number>()
  /** Behind a quote that is not closed there is nothing but quoted text. */
  let isOpen = false
  /** Behind a line that is indented wrongly others are taken to be. */
  let isShifted = false
  const tell = (code: string, message: string, noticed: number): void => {
    const { fault, diagnostic, at } = yamlFault(code, message, text, noticed)
    const follows = isOpen || passed.has(noticed) || (isShifted && ofLayout.includes(fault))
    isOpen ||= fault === 'quote'
    isShifted ||= fault === 'indent' || fault === 'dash' || fault === 'list'
    passed.add(noticed)
    const unlessIn = code === 'BAD_SCALAR_START' ? undefined : 'line'
    report(diagnostic, at, refused.has(code) || follows ? 'text' : unlessIn)
  }
  // Private, and the only place where the library's errors can be counted before all of them are kept.
  Object.assign(composer, {
    onError: (source: ErrorSource, code: string, message: string, isWarning = false) => {
      if (isWarning) return
      tell(
        code,
        message,
        typeof source === 'number' ? source : Array.isArray(source) ? Number(source[0]) : source.offset,
      )
    },
  })
  let root: ParsedNode | undefined
  let documents = 0
  for (const token of tokensOf(text, report)) {
    if (token.type === 'error') {
      tell('UNEXPECTED_TOKEN', token.message, token.offset)
      continue
    }
    if (token.type === 'document' && ++documents > 1) {
      tooMuch(diagnose('syntax', '', [say.severalDocumentsSentence()]), token.offset, report)
    }
    for (const document of composer.next(token)) root ??= document.contents ?? undefined
  }
  for (const document of composer.end()) root ??= document.contents ?? undefined
  return root
}

type ErrorSource = number | number[] | { readonly offset: number }

/** What `scan` has told of. */
const refused: ReadonlySet<string> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
])

/** The parts of the text as the library's parser puts them together; its stack is watched at every step. */
function* tokensOf(text: string, report: Report): Generator<CST.Token> {
  const parser = new Parser()
  for (const lexeme of scan(text, report)) {
    yield* parser.next(lexeme)
    if (parser.stack.length > deepest && parser.stack.filter(isCollection).length > deepest) {
      tooMuch(diagnose('text-too-deep', '', [deepest]), parser.offset, report)
    }
  }
  yield* parser.end()
}

function isCollection({ type }: CST.Token): boolean {
  return type === 'block-map' || type === 'block-seq' || type === 'flow-collection'
}
