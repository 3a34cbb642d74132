/** The request that a `curl` command line sends, as far as a policy is about it. */
import { Usage } from './exit.js'
import { addHeader, addHeaderLine, isToken, type PastedHeaders, type PastedRequest } from './pasted-request.js'

/** @throws Usage where there is not one URL, or what makes no request. */
export function requestOfCurl(line: string): PastedRequest {
  const { options, others } = parsed(shellWords(fromCmd(line)).slice(1))
  const valuesOf = (...names: readonly string[]): string[] =>
    options.flatMap(([name, value]) => (names.includes(name) ? [value] : []))
  const method = methodOf(options, valuesOf('-X', '--request').at(-1))
  if (!isToken(method)) throw new Usage(`\`${method}\` is no method: that is a token (RFC 9110, section 5.6.2)`)
  return { method, url: urlOf(valuesOf('--url'), others), headers: headersOf(valuesOf) }
}

/** A word behind an option that is not known here may be its value: one that looks like a URL comes first. */
function urlOf(said: readonly string[], others: readonly string[]): string {
  const urls = [...said, ...others.filter((word) => /^https?:\/\//i.test(word))]
  if (urls.length > 1)
    throw new Usage(`the paste has ${urls.length} URLs, ${urls[0]} and ${urls[1]}; paste one request, or a HAR file`)
  const [url = others[0]] = urls
  if (url === undefined) throw new Usage('the curl command has no URL')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^https?:/i.test(url)) throw new Usage(`${url} is no http or https URL`)
  // curl takes a URL without a scheme for http.
  return /^https?:\/\//i.test(url) ? url : `http://${url}`
}

function headersOf(valuesOf: (...names: readonly string[]) => readonly string[]): PastedHeaders {
  const headers: PastedHeaders = {}
  for (const text of valuesOf('-H', '--header')) {
    // `Name;` sends an empty one; `Name:` takes a header away that curl itself would send, and `:name` is HTTP/2's.
    if (/^[^:;]+;$/.test(text)) addHeader(headers, text.slice(0, -1), '')
    else if (!/^:|^[^:]+:\s*$/.test(text)) addHeaderLine(headers, text)
  }
  const implied = [
    ['content-type', 'application/json', valuesOf('--json')],
    ['authorization', 'Basic', valuesOf('-u', '--user')],
    ['authorization', 'Bearer', valuesOf('--oauth2-bearer')],
  ] as const
  for (const [name, value, asked] of implied)
    if (asked.length > 0 && !Object.hasOwn(headers, name)) addHeader(headers, name, value)
  return headers
}

type Options = readonly (readonly [name: string, value: string])[]

function methodOf(options: Options, explicit: string | undefined): string {
  const has = (...names: readonly string[]): boolean => options.some(([name]) => names.includes(name))
  if (explicit !== undefined) return explicit
  if (has('-I', '--head')) return 'HEAD'
  if (has('-T', '--upload-file')) return 'PUT'
  return has(...bodies) && !has('-G', '--get') ? 'POST' : 'GET'
}

const bodies = [
  ...[
    '-d',
    '--data',
    '--data-raw',
    '--data-ascii',
    '--data-binary',
    '--data-urlencode',
    '-F',
    '--form',
    '--form-string',
  ],
  '--json',
]

/** Options that take a value; a letter's may be joined to it. */
const withValue = new Set([
  ...bodies,
  ...['-X', '--request', '-H', '--header', '--url', '-T', '--upload-file', '-b', '--cookie', '-c', '--cookie-jar'],
  ...['-A', '--user-agent', '-e', '--referer', '-o', '--output', '-u', '--user', '-m', '--max-time', '-x', '--proxy'],
  ...['-w', '--write-out', '-r', '--range', '-E', '--cert', '--cacert', '--key', '--resolve', '--connect-timeout'],
  ...[
    '--connect-to',
    '--retry',
    '--max-redirs',
    '-K',
    '--config',
    '--interface',
    '--proxy-user',
    '-D',
    '--dump-header',
  ],
  ...['--unix-socket', '--ciphers', '--aws-sigv4', '--oauth2-bearer', '-y', '-Y', '-z', '--limit-rate'],
  ...['--doh-url', '--preproxy', '--noproxy', '--retry-delay', '--retry-max-time', '--pass', '--capath'],
])

function parsed(words: readonly string[]): { readonly options: Options; readonly others: readonly string[] } {
  const options: [string, string][] = []
  const others: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word.startsWith('--')) options.push([word, withValue.has(word) ? (words[++i] ?? '') : ''])
    else if (!word.startsWith('-') || word === '-') others.push(word)
    else {
      // `-sXPOST` is -s and -X with the value POST.
      for (let at = 1; at < word.length; at++) {
        const name = `-${word[at]}`
        const rest = word.slice(at + 1)
        options.push([name, withValue.has(name) ? rest || (words[++i] ?? '') : ''])
        if (withValue.has(name)) break
      }
    }
  }
  return { options, others }
}

/** "Copy as cURL (cmd)" escapes by carets, and breaks lines with one. */
function fromCmd(line: string): string {
  return /\^"|\^\r?\n/.test(line) ? line.replace(/\^\r?\n/g, ' ').replace(/\^(.)/g, '$1') : line
}

/** POSIX quoting, as far as browsers use it: '…', "…", $'…', a backslash, and a backslash at a line's end. */
function shellWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; ) {
    const { text, end } = pieceAt(line, at)
    at = end
    if (text !== undefined) word = `${word ?? ''}${text}`
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

interface Piece {
  /** Of a word; undefined where there are blanks. */
  readonly text: string | undefined
  readonly end: number
}

function pieceAt(line: string, at: number): Piece {
  const quoted = quotedAt(line, at)
  if (quoted !== undefined) return quoted
  const plain = /(\\\r?\n|\s+)|\\(.)|[^\s'"\\$]+|[$'"\\]/sy
  plain.lastIndex = at
  const [all = '', blank, escaped] = plain.exec(line) ?? []
  return { text: blank === undefined ? (escaped ?? all) : undefined, end: at + all.length }
}

/** What is in the quotes that open here; undefined where none do, or none close. */
function quotedAt(line: string, at: number): Piece | undefined {
  const opener = line.startsWith("$'", at) ? "$'" : line.charAt(at)
  if (opener !== "$'" && opener !== "'" && opener !== '"') return undefined
  const start = at + opener.length
  const end = opener === "'" ? line.indexOf(opener, start) : closerAt(line, start, opener.slice(-1))
  if (end === -1) return undefined
  const inside = line.slice(start, end)
  const text = opener === "$'" ? unescaped(inside) : opener === '"' ? inside.replace(/\\(["\\$`])/g, '$1') : inside
  return { text, end: end + 1 }
}

/** Where a quote stands that no backslash escapes, or -1. Not by an expression: a body may have more bytes than its stack. */
function closerAt(line: string, start: number, quote: string): number {
  for (let i = start; i < line.length; i++) {
    const character = line.charAt(i)
    if (character === quote) return i
    if (character === '\\') i++
  }
  return -1
}

const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs,
    (_, unicode?: string, hex?: string, other?: string) => {
      const code = unicode ?? hex
      return code === undefined ? (named[other ?? ''] ?? other ?? '') : String.fromCharCode(Number.parseInt(code, 16))
    },
  )
}
