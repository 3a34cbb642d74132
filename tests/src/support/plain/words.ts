/**
 * Globs over words, spelled out: slow, and right at a glance. A path is a sequence of segments, a host one of labels; a
 * glob is a sequence of patterns, where `**` is any number of words, `*` one that is not empty, and `a*b` one with a run
 * of any characters in it.
 */

/** What a glob's braces stand for, written out. */
export function written(glob: string): readonly string[] {
  const [, before = '', inside, after = ''] = /^([^{]*)\{([^}]*)\}(.*)$/s.exec(glob) ?? []
  if (inside === undefined) return [glob]
  return inside.split(',').flatMap((one) => written(after).map((rest) => before + one + rest))
}

export function takesWord(pattern: string, word: string): boolean {
  if (pattern === '*') return word !== ''
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return word === pattern
  return word.startsWith(start) && word.endsWith(end) && word.length >= start.length + end.length
}

/** From the pattern at `p` on, and the word at `w` on. */
export function takesWords(patterns: readonly string[], words: readonly string[], p = 0, w = 0): boolean {
  const pattern = patterns[p]
  const word = words[w]
  if (pattern === undefined) return word === undefined
  if (pattern === '**') {
    return takesWords(patterns, words, p + 1, w) || (word !== undefined && takesWords(patterns, words, p, w + 1))
  }
  return word !== undefined && takesWord(pattern, word) && takesWords(patterns, words, p + 1, w + 1)
}

/**
 * One word of each kind that these patterns tell apart: two words that the same patterns take are as good as one. Words
 * are tried that begin and end as the patterns do, with something between, with nothing, and with the two running into
 * each other. `different`: what else tells words apart.
 */
export function kindsOfWords(patterns: readonly string[], different: (word: string) => boolean): readonly string[] {
  const starts = new Set(['', ...patterns.map((pattern) => pattern.split('*')[0] ?? '')])
  const ends = new Set(['', ...patterns.map((pattern) => pattern.split('*').at(-1) ?? '')])
  const byKind = new Map<string, string>()
  for (const start of starts) {
    for (const end of ends) {
      for (const word of [start + end, `${start}~${end}`, ...runTogether(start, end)]) {
        const signs = [word === '', different(word), ...patterns.map((pattern) => takesWord(pattern, word))]
        const kind = signs.map(Number).join('')
        if (!byKind.has(kind)) byKind.set(kind, word)
      }
    }
  }
  return [...byKind.values()]
}

/** `aba` for `ab` and `ba`. */
function runTogether(start: string, end: string): readonly string[] {
  const shared = Array.from({ length: Math.min(start.length, end.length) }, (_, i) => i + 1)
  return shared.filter((n) => start.endsWith(end.slice(0, n))).map((n) => start + end.slice(n))
}

/** Every sequence of at least one and at most `longest` of the words. */
export function* sequences(words: readonly string[], longest: number): Iterable<readonly string[]> {
  if (longest === 0) return
  for (const word of words) {
    yield [word]
    for (const rest of sequences(words, longest - 1)) yield [word, ...rest]
  }
}
