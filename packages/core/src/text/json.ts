/**
 * JSON with comments and trailing commas (JSONC), also in files that are called `.json`.
 *
 * The tokens are jsonc-parser's. Its parser is not used: it reports no repeated keys, and it recurses as deep as the text
 * nests. The scanner is imported by its file, because the package's main file asks for its parts in a way that bundlers
 * for Node do not see, and a bundled server would fail as it starts.
 */
import { createScanner } from 'jsonc-parser/lib/umd/impl/scanner.js'
import { type Diagnostic, diagnose, pointer } from '../diagnostic.js'
import { deepest } from '../policy/plain-data.js'
import * as say from '../syntax-sentences.js'
import { mostFaults, type Place, type Reading, setMember, stop, type TextFault } from './reading.js'

/** The scanner's numbers for its tokens; those from `comment` to `blank` mean nothing. */
export const token = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  colon: 6,
  null: 7,
  true: 8,
  false: 9,
  string: 10,
  number: 11,
  comment: 12,
  blank: 15,
  unknown: 16,
  end: 17,
} as const

/** The scanner's errors, by number. */
export const tokenFaults: readonly (say.TokenFault | undefined)[] = [
  undefined,
  'comment',
  'string',
  'number',
  'unicode',
  'escape',
  'character',
]

/** What the text is to hold is named where it is empty. */
export function readJson(text: string, document: 'policy' | 'suite' = 'policy'): Reading {
  const reader = new JsonReader(text)
  return reader.read(document)
}

const nowhere: Place = { at: 0 }

/** A member or item that could not be read. */
const unread = Symbol('unread')

/** Kept across calls: the scanner stands behind `kind`, the token that is next to be read. */
class JsonReader {
  readonly #text: string
  readonly #scanner: ReturnType<typeof createScanner>
  #kind: number = token.unknown
  readonly #path: (string | number)[] = []
  readonly #open: number[] = []
  readonly #faults: TextFault[] = []
  #ended = false
  /** Of the value read last. */
  #place: Place = nowhere

  constructor(text: string) {
    this.#text = text
    this.#scanner = createScanner(text, false)
  }

  read(document: 'policy' | 'suite'): Reading {
    try {
      if (this.#next() === token.end) this.#fault(say.emptySentence(document), 0)
      const value = this.#value()
      const place = this.#place
      if (this.#kind !== token.end) this.#fault(say.trailingSentence(this.#found()))
      return { value, place, faults: this.#faults }
    } catch (thrown) {
      if (thrown !== stop) throw thrown
      return { value: undefined, place: nowhere, faults: this.#faults }
    }
  }

  #next(): number {
    do {
      this.#kind = this.#scanner.scan()
      const fault = tokenFaults[this.#scanner.getTokenError()]
      if (fault !== undefined) this.#fault(say.tokenSentence(fault))
    } while (this.#kind >= token.comment && this.#kind <= token.blank)
    return this.#kind
  }

  #at(): number {
    return this.#scanner.getTokenOffset()
  }

  #found(): string {
    const at = this.#at()
    return this.#text.slice(at, at + Math.min(this.#scanner.getTokenLength(), 60))
  }

  /** Past the end everything is missing: that is told once. */
  #fault(sentence: string, at = this.#at()): void {
    if (this.#ended) return
    this.#ended = this.#kind === token.end
    this.#report(diagnose('syntax', pointer(...this.#path), [sentence]), at)
  }

  /** One fault a place: what follows from it is not told. */
  #report(diagnostic: Diagnostic, at: number): void {
    if (this.#faults.at(-1)?.at === at) return
    this.#faults.push({ diagnostic, at })
    if (this.#faults.length >= mostFaults) {
      this.#faults.push({ diagnostic: diagnose('syntax', '', [say.furtherSentence()]), at })
      throw stop
    }
  }

  #value(): unknown {
    const at = this.#at()
    const kind = this.#kind
    if (kind === token.openBrace || kind === token.openBracket) return this.#collection(kind, at)
    const value = this.#literal(kind)
    if (value === unread) {
      this.#fault(say.wantedSentence('value', this.#found()))
      return unread
    }
    this.#next()
    this.#place = { at }
    return value
  }

  #literal(kind: number): unknown {
    if (kind === token.string) return this.#scanner.getTokenValue()
    if (kind === token.number) return Number(this.#scanner.getTokenValue())
    if (kind === token.true) return true
    if (kind === token.false) return false
    return kind === token.null ? null : unread
  }

  #collection(opener: number, at: number): unknown {
    if (this.#open.length >= deepest) {
      this.#report(diagnose('text-too-deep', pointer(...this.#path), [deepest]), at)
      throw stop
    }
    this.#open.push(opener)
    this.#next()
    const value = opener === token.openBrace ? this.#object(at) : this.#list(at)
    this.#open.pop()
    return value
  }

  #object(at: number): object {
    const object = {}
    const below = new Map<string, Place>()
    while (this.#goesOn(at)) {
      const keyAt = this.#at()
      const key = this.#key()
      if (key === undefined) {
        this.#recover()
        this.#separate()
        continue
      }
      this.#path.push(key)
      if (below.has(key)) this.#report(diagnose('duplicate-key', pointer(...this.#path), [key]), keyAt)
      const value = this.#value()
      if (value === unread) this.#recover()
      else {
        below.set(key, { ...this.#place, key: keyAt })
        setMember(object, key, value)
      }
      this.#separate()
      this.#path.pop()
    }
    this.#place = { at, below }
    return object
  }

  #key(): string | undefined {
    if (this.#kind !== token.string) {
      this.#fault(say.wantedSentence('key', this.#found()))
      return undefined
    }
    const key = this.#scanner.getTokenValue()
    if (this.#next() !== token.colon) {
      this.#fault(say.wantedSentence('colon', this.#found()))
      return undefined
    }
    this.#next()
    return key
  }

  #list(at: number): unknown[] {
    const list: unknown[] = []
    const below: Place[] = []
    while (this.#goesOn(at)) {
      this.#path.push(list.length)
      const value = this.#value()
      if (value === unread) this.#recover()
      list.push(value)
      below.push(this.#place)
      this.#separate()
      this.#path.pop()
    }
    this.#place = { at, below }
    return list
  }

  /** Whether another member or item comes; reads the closer otherwise. */
  #goesOn(at: number): boolean {
    for (;;) {
      const kind = this.#kind
      if (kind === token.comma) {
        this.#fault(say.unexpectedSentence(','))
        this.#next()
      } else if (kind === token.closeBrace || kind === token.closeBracket) {
        // A closer is one more than its opener. One of an outer collection closes this one too.
        const own = this.#open.at(-1) === kind - 1
        if (!own && !this.#open.includes(kind - 1)) {
          this.#fault(say.unexpectedSentence(this.#found()))
          this.#next()
          continue
        }
        if (own) this.#next()
        else this.#fault(say.unclosedSentence(this.#text[at] ?? ''), at)
        return false
      } else if (kind === token.end) {
        this.#fault(say.unclosedSentence(this.#text[at] ?? ''), at)
        return false
      } else return true
    }
  }

  /** The comma after a member or item; a closer or the end is for `#goesOn` to judge. */
  #separate(): void {
    const kind = this.#kind
    if (kind === token.comma) this.#next()
    else if (kind !== token.closeBrace && kind !== token.closeBracket && kind !== token.end)
      this.#fault(say.wantedSentence('comma', this.#found()))
  }

  /** Passes over what cannot be read, to the next comma or closer of this collection. */
  #recover(): void {
    for (let nested = 0; this.#kind !== token.end; this.#next()) {
      const kind = this.#kind
      if (nested === 0 && (kind === token.comma || kind === token.closeBrace || kind === token.closeBracket)) return
      if (kind === token.openBrace || kind === token.openBracket) nested++
      if (kind === token.closeBrace || kind === token.closeBracket) nested--
    }
  }
}
