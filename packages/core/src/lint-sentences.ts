/** The sentences of warnings and infos, by code: a part of the table in `sentences.ts`, and told by `lint` alone. */
import { quote } from './quote.js'

export type ExtensionFault = 'any' | 'per-install' | 'no-id'

const extensionFaults: Readonly<Record<ExtensionFault, string>> = {
  any: "covers every extension that the user's browser has; name the id of yours",
  'per-install':
    'is another origin in every browser that installs the extension, so it lets in one user; give the extension host permissions instead',
  'no-id': 'is no origin of an extension, since an id is 32 letters from `a` to `p`; correct the id',
}

export const lintSentences = {
  // Who.
  'subdomain-wildcard-with-credentials': (text: string, origin: string): string =>
    `${quote(text)} shares credentials with every subdomain, with ${quote(origin)} as soon as it exists; list the origins, or accept it with a reason`,
  'loopback-origin': (text: string): string =>
    `${quote(text)} shares credentials with whatever program listens on the user's own machine; supply it in development only, by an external group`,
  'any-port': (text: string): string =>
    `${quote(text)} is every service on the host, whatever its port; list the ports`,
  'shared-hosting-origin': (text: string, host: string): string =>
    `${quote(text)} lets in ${quote(host)}, where anybody publishes pages of one origin; name an origin of your own`,
  'extension-origin': (text: string, fault: ExtensionFault): string => `${quote(text)} ${extensionFaults[fault]}`,
  'trailing-dot-host': (text: string, meant: string): string =>
    `${quote(text)} ends its host in a dot, and is another origin than ${quote(meant)}; write ${quote(meant)}`,
  'confusable-origin': (text: string, shown: string, other: string | undefined): string =>
    other === undefined
      ? `${quote(text)} reads ${quote(shown)}, whose letters belong to other scripts than they seem to; make sure that it is meant, and accept it`
      : `${quote(shown)} of ${quote(text)} is easily taken for ${quote(other)}, which this policy names too; make sure that both are meant, and accept it`,
  'redundant-origin': (text: string, wider: string): string =>
    `${quote(text)} is covered by ${quote(wider)} in the same grant; remove it`,

  // What.
  'method-override-header': (name: string): string =>
    `${quote(name)} lets a \`POST\` stand for a method that the grant does not list; remove it, and list the methods`,
  'wildcard-headers-without-authorization': (): string =>
    '`*` does not cover `authorization` (Fetch, "CORS non-wildcard request-header name"); list it too if scripts send it',
  'wildcard-with-credentials': (kind: 'method' | 'request header'): string =>
    `\`*\` with credentials lets scripts use any ${kind} in the user's name; list the ${kind}s`,
  'json-without-content-type': (method: string): string =>
    `${quote(method)} with a JSON body needs the request header \`content-type\`, which the grant does not list; add it`,
  'unroutable-method': (method: string): string =>
    `${quote(method)} is unknown to Node's HTTP parser, which answers 400 before any handler runs; remove it`,
  'options-method': (): string =>
    '`OPTIONS` in `methods` is for scripts that send it themselves; preflights need no entry; remove it',
  'safelisted-response-header': (name: string): string =>
    `${quote(name)} is shown to scripts anyway (Fetch, "CORS-safelisted response-header name"); remove it`,
  'max-age-above-caps': (written: string): string =>
    `${quote(written)} is more than Chromium (\`"2h"\`) and WebKit (\`"10m"\`) keep a preflight's answer; write \`"2h"\``,

  // Text that does nothing.
  'unreachable-path': (text: string, path: string, others: readonly string[]): string =>
    `${quote(text)} decides no path: ${others.map(quote).join(', ')} ${others.length === 1 ? 'is' : 'are'} more specific wherever it matches, as on ${quote(path)}; remove it`,
  'unused-group': (name: string): string =>
    `group ${quote(name)} is named by no grant and no invariant; name it as ${quote(`@${name}`)}, or remove it`,
  'unused-accept': (code: string): string =>
    `${quote(code)} is not raised on this grant, so there is nothing to accept; remove it`,
  'expired-accept': (code: string, until: string): string =>
    `${quote(code)} was accepted until ${until}; mend what it tells of, or give the waiver a new date`,
} as const
