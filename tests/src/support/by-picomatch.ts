/** picomatch's own answer, each pattern compiled once. */
import picomatch from 'picomatch'

/** What it understands of its own accord, but for what the dialects refuse, and without the slips of its fast paths. */
export const picomatchs: picomatch.PicomatchOptions = {
  dot: true,
  fastpaths: false,
  flags: 's',
  nobracket: true,
  noextglob: true,
  nonegate: true,
  windows: false,
}

const compiled = new Map<string, picomatch.Matcher>()

export function picomatchTakes(pattern: string, text: string): boolean {
  const matcher = compiled.get(pattern) ?? picomatch(pattern, picomatchs)
  compiled.set(pattern, matcher)
  return matcher(text)
}
