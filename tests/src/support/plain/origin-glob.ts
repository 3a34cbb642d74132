/** Origins, and origin globs, spelled out. */
import { remembered } from '../remembered.js'
import { kindsOfWords, sequences, takesWords, written } from './words.js'

export interface Tuple {
  readonly scheme: string
  readonly host: string
  /** Empty: the scheme's default. */
  readonly port: string
}

const grammar =
  /^([a-z][a-z0-9+.-]{0,63}):\/\/(\[[0-9a-f:]{2,252}\]|[-a-z0-9+.!"$&'()*,;=_`{}~]{1,254})(?::(0|[1-9][0-9]{0,4}))?$/
const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443', ws: '80', wss: '443', ftp: '21' }

/** The origin that a header's value serializes, with what browsers let a host hold; undefined where it is none. */
export function tupleOf(text: string): Tuple | undefined {
  if (text.length > 330) return undefined
  const [, scheme, host, port = ''] = grammar.exec(text) ?? []
  if (scheme === undefined || host === undefined) return undefined
  return Number(port) > 65_535 || port === defaultPorts[scheme] ? undefined : { scheme, host, port }
}

interface OriginGlob {
  readonly schemes: readonly string[]
  /** Written out. */
  readonly hosts: readonly string[]
  readonly ports: readonly string[]
}

const read = remembered<OriginGlob>()

function partsOf(glob: string): OriginGlob {
  return read(glob, () => {
    const [, scheme, host, port = ''] = /^(.+?):\/\/(\[.*\]|[^:]*)(?::(.*))?$/.exec(glob) ?? []
    if (scheme === undefined || host === undefined) throw new Error(`not an origin glob: ${glob}`)
    return { schemes: written(scheme), hosts: written(host), ports: written(port) }
  })
}

export function originMatches(glob: string, { scheme, host, port }: Tuple): boolean {
  const { schemes, hosts, ports } = partsOf(glob)
  return schemes.includes(scheme) && hasPort(ports, port) && hosts.some((each) => hostMatches(each, host))
}

function hasPort(ports: readonly string[], port: string): boolean {
  return ports.includes('*') || ports.includes(port)
}

/** Wildcards match no IP address and no empty label; a trailing dot is written where it is meant. */
function hostMatches(glob: string, host: string): boolean {
  if (!glob.includes('*')) return glob === host
  const labels = host.replace(/\.$/, '').split('.')
  if (labels.includes('') || isIp(host) || glob.endsWith('.') !== host.endsWith('.')) return false
  const patterns = glob.replace(/\.$/, '').split('.')
  // Leftmost `**`: one or more labels.
  return takesWords(patterns[0] === '**' ? ['*', ...patterns] : patterns, labels)
}

/** In brackets, or with a last label that is a number (URL, "ends-in-a-number checker"). */
function isIp(host: string): boolean {
  return host.startsWith('[') || isNumber(host.replace(/\.$/, '').split('.').at(-1) ?? '')
}

function isNumber(label: string): boolean {
  return /^([0-9]+|0x[0-9a-f]*)$/.test(label)
}

const within = remembered<boolean>()

/** Whether every origin of `narrow` is one of `wide`. Scheme, host and port stand in every combination. */
export function originWithin(narrow: string, wide: string): boolean {
  return within(`${narrow}\n${wide}`, () => isWithin(partsOf(narrow), partsOf(wide)))
}

function isWithin(narrow: OriginGlob, wide: OriginGlob): boolean {
  // 54321: a port that no glob here names.
  const ports = [...narrow.ports.filter((port) => port !== '*'), '', '54321'].filter((p) => hasPort(narrow.ports, p))
  return (
    narrow.schemes.every((scheme) => wide.schemes.includes(scheme)) &&
    ports.every((port) => hasPort(wide.ports, port)) &&
    hostsFor([...narrow.hosts, ...wide.hosts]).every(
      (host) =>
        !narrow.hosts.some((each) => hostMatches(each, host)) || wide.hosts.some((each) => hostMatches(each, host)),
    )
  )
}

/** All hosts, up to a number of labels, that the globs can tell apart. */
function hostsFor(globs: readonly string[]): readonly string[] {
  const literals = globs.filter((glob) => !glob.includes('*'))
  if (literals.length === globs.length) return literals
  const patterns = globs.map((glob) => glob.replace(/\.$/, '').split('.'))
  const words = kindsOfWords([...new Set(patterns.flat())], isNumber).filter((word) => word !== '')
  const longest = Math.max(...patterns.map((each) => each.length)) + 1
  const hosts = [...sequences(words, longest)].map((labels) => labels.join('.'))
  return [...literals, ...hosts, ...(globs.some((glob) => glob.endsWith('.')) ? hosts.map((host) => `${host}.`) : [])]
}
