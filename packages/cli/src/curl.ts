/** The request that a `curl` command line sends, as far as a policy is about it. */
import { Usage } from './exit.js'
import { addHeader, type PastedHeaders, type PastedRequest } from './pasted-request.js'

/** @throws Usage where there is no URL. */
export function requestOfCurl(line: string): PastedRequest {
  const { options, others } = parsed(shellWords(fromCmd(line)).slice(1))
  const valuesOf = (...names: readonly string[]): string[] =>
    options.flatMap(([name, value]) => (names.includes(name) ? [value] : []))
  const headers: PastedHeaders = {}
  for (const text of valuesOf('-H', '--header')) {
    const at = text.indexOf(':')
    // `Name:` takes a header away, `Name;` sends an empty one: neither is of use to CORS.
    if (at > 0 && at < text.length - 1) addHeader(headers, text.slice(0, at).trim(), text.slice(at + 1).trim())
  }
  // A word behind an option that is not known here may be its value: one that looks like a URL comes first.
  const url = valuesOf('--url')[0] ?? others.find((word) => /^https?:\/\//i.test(word)) ?? others[0]
  if (url === undefined) throw new Usage('the curl command has no URL')
  return { method: methodOf(options, valuesOf('-X', '--request').at(-1)), url, headers }
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
  const token = /(\\\r?\n|\s)+|\$'((?:[^'\\]|\\.)*)'|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|[^\s'"\\$]+|[$'"\\]/gsy
  let word: string | undefined
  for (let match = token.exec(line); match !== null; match = token.exec(line)) {
    const [all, blank, ansi, single, double, escaped] = match
    if (blank === undefined) {
      word = `${word ?? ''}${ansi !== undefined ? unescaped(ansi) : (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? all)}`
    } else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
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
