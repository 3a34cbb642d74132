/** Globs: read, or told of; they match what their naive reading matches, and what is said of two of them has a witness. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { matchesOrigin, originFamily } from '../../../../packages/core/dist/pattern/origin-index.js'
import { parseOriginPattern } from '../../../../packages/core/dist/pattern/origin-pattern.js'
import { pathFamily, pathSpace } from '../../../../packages/core/dist/pattern/path-index.js'
import { parsePathPattern } from '../../../../packages/core/dist/pattern/path-pattern.js'
import type { Family } from '../../../../packages/core/dist/pattern/specificity.js'
import { matchesWords } from '../../../../packages/core/dist/pattern/states.js'
import { parseOrigin } from '../../../../packages/core/dist/web/origin.js'
import { isCanonicalPath } from '../../../../packages/core/dist/web/path.js'
import { hostile, origin, originGlob, path, pathGlob } from '../../support/generate.js'
import { originMatches, pathMatches, tupleOf } from '../../support/plain.js'
import { area } from '../area.js'
import { editedText } from '../edits.js'
import { originGlobs, origins, pathGlobs, targets } from '../seeds.js'

interface Input {
  readonly kind: 'path' | 'origin'
  readonly globs: readonly string[]
  /** Paths or origins. */
  readonly words: readonly string[]
}

function inputs(kind: Input['kind'], globs: fc.Arbitrary<string>, words: fc.Arbitrary<string>): fc.Arbitrary<Input> {
  return fc.record({
    kind: fc.constant(kind),
    globs: fc.array(globs, { minLength: 1, maxLength: 4 }),
    words: fc.array(words, { maxLength: 8 }),
  })
}

const from = (list: readonly string[]) => editedText(fc.constantFrom(...list))

export const patterns = area<Input>({
  name: 'patterns',
  about: 'a glob is read or told of, and matches, covers and meets what its plain reading does',
  inputs: fc.oneof(
    inputs('path', fc.oneof(pathGlob, from(pathGlobs), hostile), fc.oneof(path, from(targets))),
    inputs('origin', fc.oneof(originGlob, from(originGlobs), hostile), fc.oneof(origin, from(origins))),
  ),
  check: (input) => (input.kind === 'path' ? checkPaths(input) : checkOrigins(input)),
})

interface Fault {
  readonly fault: string
  readonly at: number
  readonly fix?: string | undefined
}

function assertFault(text: string, { at, fix }: Fault, read: (text: string) => object): void {
  assert.ok(at >= 0 && at <= text.length, `${text}: fault at ${at}`)
  if (fix !== undefined) assert.ok(!('fault' in read(fix)), `${text}: the cure is none: ${fix}`)
}

/** The plain twin tries every way to spread `**`, and writes braces out. */
function isPlain(glob: string): boolean {
  return glob.length < 200 && glob.split('**').length <= 4
}

function checkPaths({ globs, words }: Input): void {
  const read = globs.flatMap((text) => {
    const pattern = parsePathPattern(text)
    if (!('fault' in pattern)) return isPlain(text) ? [pattern] : []
    assertFault(text, pattern, parsePathPattern)
    return []
  })
  const paths = words.filter((word) => isCanonicalPath(word) && word.split('/').length < 20)
  for (const pattern of read) {
    for (const each of paths) {
      const segments = each.slice(1).split('/')
      assert.equal(matchesWords(pattern.language, segments), pathMatches(pattern.text, each), `${pattern.text} ${each}`)
    }
  }
  const isPath = (word: string) =>
    isCanonicalPath(word) &&
    word
      .slice(1)
      .split('/')
      .every((s, i) => pathSpace.admits(s, i))
  checkFamily(pathFamily, read, paths, ({ text }, word) => pathMatches(text, word), isPath)
}

function checkOrigins({ globs, words }: Input): void {
  const read = globs.flatMap((text) => {
    const pattern = parseOriginPattern(text)
    if ('fault' in pattern) assertFault(text, pattern, parseOriginPattern)
    return !('fault' in pattern) && pattern.kind !== 'exact' && isPlain(text) ? [pattern] : []
  })
  const matches = (glob: string, word: string): boolean => {
    const tuple = tupleOf(word)
    return tuple !== undefined && originMatches(glob, tuple)
  }
  const known = words.filter((word) => parseOrigin(word) !== undefined)
  for (const word of words) assert.deepEqual(parseOrigin(word), tupleOf(word), word)
  for (const pattern of read) {
    for (const each of known) {
      const tuple = parseOrigin(each)
      if (tuple !== undefined)
        assert.equal(matchesOrigin(pattern, tuple), matches(pattern.text, each), `${pattern.text} ${each}`)
    }
  }
  checkFamily(
    originFamily,
    read,
    known,
    ({ text }, word) => matches(text, word),
    (word) => parseOrigin(word) !== undefined,
  )
}

/** Covers and overlaps: no word speaks against what is said, and a witness is one. */
function checkFamily<P extends { readonly text: string }>(
  family: Family<P, string>,
  globs: readonly P[],
  words: readonly string[],
  matches: (glob: P, word: string) => boolean,
  isWord: (word: string) => boolean,
): void {
  for (const wide of globs) {
    for (const narrow of globs) {
      const about = `${wide.text} and ${narrow.text}`
      const covers = family.covers(wide, narrow)
      if (covers === true) {
        for (const word of words)
          assert.ok(!matches(narrow, word) || matches(wide, word), `${about}: covers, but for ${word}`)
      }
      const shared = family.witness(wide, narrow, [])
      const apart = family.witness(narrow, narrow, [wide])
      if (typeof apart === 'string' && apart !== 'too-complex') {
        assert.ok(covers !== true && isWord(apart), `${about}: ${apart} is in one alone`)
        assert.ok(matches(narrow, apart) && !matches(wide, apart), `${about}: ${apart} is not in one alone`)
      } else if (apart === undefined) assert.notEqual(covers, false, `${about}: no witness`)
      if (shared === 'too-complex') continue
      if (shared === undefined) {
        for (const word of words) assert.ok(!(matches(wide, word) && matches(narrow, word)), `${about} share ${word}`)
        continue
      }
      assert.ok(isWord(shared) && matches(wide, shared) && matches(narrow, shared), `${about} do not share ${shared}`)
      assert.ok(!family.plainlyDisjoint(wide, narrow), `${about} share ${shared}`)
    }
  }
}
