/** Names that a reviewer takes for one another. */

/** Scripts with letters that look like those of another. Others are mixed every day: Latin with Japanese, for one. */
const likeLatin: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
]

/** Cyrillic letters that no reader tells from Latin ones. */
const cyrillicTwins =
  /^[\u0430\u0441\u0501\u0435\u04bb\u0456\u0458\u04cf\u043e\u0440\u051b\u0455\u051d\u0445\u0443\u044a\u044c0-9-]+$/u

/**
 * Whether a label, in Unicode, seems to be of another script than it is: letters of several scripts that look alike, or of
 * Cyrillic ones that all have a Latin twin, which browsers show as `xn--` for that reason.
 */
export function isDisguised(label: string): boolean {
  if (likeLatin.filter((script) => script.test(label)).length > 1) return true
  return /\p{Script=Cyrillic}/u.test(label) && cyrillicTwins.test(label)
}

/**
 * Whether one of two registered names may be a slip or a trap where the other is meant: the same but for `0`, `1`, `rn`
 * and `vv`, or one letter inside a long word. Numbers (`cdn1`, `cdn2`), short words (`eu`, `us`), plurals and hyphens tell
 * names apart on purpose.
 */
export function isLookAlike(a: string, b: string): boolean {
  if (a === b) return false
  if (shape(a) === shape(b)) return true
  const [words, others] = [a.split('-'), b.split('-')]
  const differing = words.flatMap((word, i) => (word === others[i] ? [] : [[word, others[i] ?? ''] as const]))
  const [pair] = differing
  return words.length === others.length && differing.length === 1 && pair !== undefined && isSlip(...pair)
}

function shape(name: string): string {
  return name.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('0', 'o').replaceAll('1', 'l')
}

const shortest = 6

/** One letter more, less, other or out of order; neither the first nor the last of the word. */
function isSlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < shortest || Math.abs(a.length - b.length) > 1 || /[^a-z]/.test(a + b)) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  if (start === 0 || end === 0) return false
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return (
    (left.length <= 1 && right.length <= 1) ||
    (left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0])
  )
}
