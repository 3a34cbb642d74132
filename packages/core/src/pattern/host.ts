/**
 * Hosts in policy text: whether a literal is written as browsers serialize it (URL, "host serializing"), and if not, how
 * it would be. Every label is held to letters, digits, `-` and `_`: what else a browser can serialize (`a'b.example`)
 * stands in no DNS that a policy should trust, and reads like a pattern of another language.
 */
import punycode from 'punycode.js'
import { serializedIpv4, serializedIpv6 } from '../web/ip-address.js'
import { isIpHost } from '../web/origin.js'
import type { Sequence } from './glob.js'

export type HostFault =
  | 'host-empty'
  | 'host-character'
  | 'label-empty'
  | 'label-too-long'
  | 'host-too-long'
  | 'host-not-serialized'
  | 'ip-not-canonical'
  | 'ip-invalid'
  | 'a-label-invalid'

export interface HostFaultFound {
  readonly fault: HostFault
  /** Index in the host. */
  readonly at: number
  /** The host as browsers serialize it. */
  readonly fix?: string
}

/** The first fault of a literal host, or `undefined` if browsers serialize it as it stands. */
export function hostFault(host: string): HostFaultFound | undefined {
  if (host === '') return { fault: 'host-empty', at: 0 }
  if (host.startsWith('[')) return ipv6Fault(host)
  const odd = host.search(/[^a-z0-9._-]/)
  if (odd !== -1)
    return withFix(
      { fault: /[A-Z\u0080-\uffff]/.test(host[odd] ?? '') ? 'host-not-serialized' : 'host-character', at: odd },
      host,
    )
  if (isIpHost(host)) return ipv4Fault(host)
  return labelsFault(host)
}

/** Labels of a host without braces; a trailing dot makes another origin and is not a fault. */
function labelsFault(host: string): HostFaultFound | undefined {
  if (host.length > (host.endsWith('.') ? 254 : 253)) return { fault: 'host-too-long', at: 253 }
  let at = 0
  const labels = (host.endsWith('.') ? host.slice(0, -1) : host).split('.')
  for (const label of labels) {
    if (label === '') return { fault: 'label-empty', at }
    if (label.length > 63) return { fault: 'label-too-long', at }
    if (label.startsWith('xn--') && !isALabel(label)) return { fault: 'a-label-invalid', at }
    at += label.length + 1
  }
  return undefined
}

/** Whether a label that starts with `xn--` is what a browser makes of some label (UTS 46, processing and punycode). */
function isALabel(label: string): boolean {
  try {
    const unicode = punycode.toUnicode(label)
    const isAscii = !/[^\u0000-\u007f]/.test(unicode)
    return !isAscii && mapped(unicode) === unicode && !disallowed.test(unicode) && punycode.toASCII(unicode) === label
  } catch {
    return false
  }
}

/** A mark in front, and what is no letter, mark, digit or sign. Joiners (ZWNJ, ZWJ) have their places in some scripts. */
const disallowed = /^\p{M}|(?![\u200c\u200d])[\p{C}\p{Z}]/u

/** A host with its A-labels in Unicode, as a person reads it. */
export function unicodeHost(host: string): string {
  try {
    return punycode.toUnicode(host)
  } catch {
    return host
  }
}

/** What UTS 46 maps nearly every character to; ß, ς and the joiners stay (non-transitional processing). */
function mapped(text: string): string {
  // A capital sigma is lower-cased by its place in a word otherwise.
  return text.normalize('NFKC').replaceAll('\u03a3', '\u03c3').toLowerCase().normalize('NFKC')
}

function withFix(found: HostFaultFound, host: string): HostFaultFound {
  const fix = serializedHost(host)
  return fix === undefined ? found : { ...found, fix }
}

/** The host as a browser would serialize it, as far as that can be told without the whole of UTS 46. */
export function serializedHost(host: string): string | undefined {
  try {
    const ascii = punycode.toASCII(mapped(host.replace(/[\u3002\uff0e\uff61]/g, '.')))
    if (ascii === host || ascii === '') return undefined
    const fault = hostFault(ascii)
    return fault === undefined ? ascii : fault.fix
  } catch {
    return undefined
  }
}

function ipv4Fault(host: string): HostFaultFound | undefined {
  return ipFault(host, serializedIpv4(host))
}

function ipv6Fault(host: string): HostFaultFound | undefined {
  return ipFault(host, host.endsWith(']') ? serializedIpv6(host.slice(1, -1)) : undefined)
}

function ipFault(host: string, canonical: string | undefined): HostFaultFound | undefined {
  if (canonical === undefined) return { fault: 'ip-invalid', at: 0 }
  return canonical === host ? undefined : { fault: 'ip-not-canonical', at: 0, fix: canonical }
}

/** Loopback names and addresses: `localhost`, all below it, 127.0.0.0/8, `[::1]` (Secure Contexts, section 3.1). */
export function isLoopbackHost(host: string): boolean {
  if (host === '[::1]') return true
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return host.startsWith('127.') && isIpHost(host)
}

/**
 * Whether all hosts of a glob with a wildcard are loopback: names below `localhost`, since wildcards never match an address.
 * `labels` stand right to left, behind an empty one where the host ends in a dot.
 */
export function isLoopbackGlob(labels: Sequence): boolean {
  const top = labels.find((step) => step.kind !== 'literal' || step.text !== '')
  return top?.kind === 'literal' && top.text === 'localhost'
}
