/** picomatch's own answer, each pattern compiled once. */
import picomatch from 'picomatch'
import { remembered } from './remembered.js'

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

const compiled = remembered<picomatch.Matcher>()

export function picomatchTakes(pattern: string, text: string): boolean {
  return compiled(pattern, () => picomatch(pattern, picomatchs))(text)
}
