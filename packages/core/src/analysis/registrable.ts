/** The part of a host that somebody registered: the label under the public suffix. */
import type { ExactOrigin, OriginPattern } from '../pattern/origin-pattern.js'
import { isPublicSuffix } from '../pattern/public-suffix.js'

export interface Registrable {
  readonly name: string
  readonly suffix: string
}

/** By domain, those of an origin glob by what stands right of its wildcards. None for IP addresses and names of an intranet. */
export function registrablesOf(glob: ExactOrigin | OriginPattern): ReadonlyMap<string, Registrable> {
  const found = new Map<string, Registrable>()
  for (const host of domainsOf(glob)) {
    const registrable = registrableOf(host)
    if (registrable !== undefined) found.set(`${registrable.name}.${registrable.suffix}`, registrable)
  }
  return found
}

function domainsOf(glob: ExactOrigin | OriginPattern): readonly string[] {
  if (glob.kind === 'exact') return [glob.host]
  const fixed = glob.hosts.map((steps) => {
    const wild = steps.findIndex((step) => step.kind !== 'literal')
    const labels = steps.slice(0, wild).map((step) => (step.kind === 'literal' ? step.text : ''))
    return labels.reverse().join('.')
  })
  return [...glob.literalHosts, ...fixed]
}

function registrableOf(host: string): Registrable | undefined {
  const labels = (host.endsWith('.') ? host.slice(0, -1) : host).split('.')
  for (let i = 1; i < labels.length; i++) {
    const suffix = labels.slice(i).join('.')
    if (isPublicSuffix(suffix)) return { name: labels[i - 1] as string, suffix }
  }
  return undefined
}
