/** How far a wildcard of an origin glob reaches: within one site, over the customers of a public suffix, or over all sites. */
import { type Sequence, type Step, takes } from './glob.js'
import type { OriginPattern } from './origin-pattern.js'
import { isPublicSuffix, publicSuffixBelow } from './public-suffix.js'

export type Reach =
  | { readonly kind: 'any-site'; readonly witness: string }
  /** `suffix` is empty where the wildcard stands in the rightmost label. */
  | { readonly kind: 'public-suffix'; readonly suffix: string; readonly witness: string }

/** The widest reach of a glob over hosts that anybody can register; `undefined`: its wildcards stay within one site. */
export function wildcardReach(pattern: OriginPattern): Reach | undefined {
  // Hosts of other schemes (`chrome-extension`, `capacitor`) are no domains.
  const scheme = pattern.schemes.includes('https') ? 'https' : pattern.schemes.includes('http') ? 'http' : undefined
  if (scheme === undefined) return undefined
  const port = pattern.ports === 'any' || pattern.ports[0] === '' ? '' : `:${pattern.ports[0]}`
  // Alternatives differ in text: all reach every site, or none does.
  const [widest] = pattern.hosts.flatMap((labels) => sequenceReach(labels) ?? [])
  if (widest === undefined) return undefined
  const witness = `${scheme}://${widest.host}${port}`
  return widest.suffix === undefined
    ? { kind: 'any-site', witness }
    : { kind: 'public-suffix', suffix: widest.suffix, witness }
}

interface SequenceReach {
  /** `undefined`: any site. */
  readonly suffix: string | undefined
  readonly host: string
}

/** `labels` from right to left. */
function sequenceReach(labels: Sequence): SequenceReach | undefined {
  const dot = labels[0]?.kind === 'literal' && labels[0].text === '' ? '.' : ''
  const steps = labels.slice(dot.length)
  const wild = steps.findIndex((step) => step.kind !== 'literal')
  const tail = steps.slice(0, wild).map((step) => (step.kind === 'literal' ? step.text : ''))
  const domain = [...tail].reverse().join('.')
  if (domain === '') {
    // Whatever is registered under a top-level domain has names that end in two labels of its owner's choice.
    const everySite = steps[0]?.kind === 'any' && (steps[1]?.kind === 'any' || steps[1]?.kind === 'rest')
    return { suffix: everySite ? undefined : '', host: example(steps, 'evil.example') + dot }
  }
  const suffix = isPublicSuffix(domain) ? domain : publicSuffixBelow(domain, (below) => isReached(below, steps))
  return suffix === undefined ? undefined : { suffix, host: example(steps, `evil.${suffix}`) + dot }
}

/** Whether the wildcards can span the labels of a suffix and the one under it. */
function isReached(suffix: string, steps: Sequence): boolean {
  const labels = suffix.split('.').reverse()
  const rest = steps.findIndex((step) => step.kind === 'rest')
  const upTo = rest === -1 ? steps.length : rest
  if (rest === -1 && labels.length >= steps.length) return false
  return (
    labels.slice(0, upTo).every((label, i) => takes(steps[i] as Step, label)) &&
    steps[labels.length]?.kind !== 'literal'
  )
}

/** The telling host where the glob has no affixes that rule it out, else one made of the glob. */
function example(steps: Sequence, telling: string): string {
  const wanted = telling.split('.').reverse()
  const hasRest = steps.some((step) => step.kind === 'rest')
  const words = steps.flatMap((step, i) => {
    if (step.kind === 'rest') return wanted.slice(i)
    if (step.kind === 'literal') return [step.text]
    if (step.kind === 'affix') return [`${step.prefix}evil${step.suffix}`]
    return [wanted[i] ?? 'x']
  })
  return (hasRest ? words : words.slice(0, steps.length)).reverse().join('.')
}
