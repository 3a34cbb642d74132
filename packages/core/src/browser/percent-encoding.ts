/** URL standard, "Percent-encoded bytes". */

/** The sets that a URL's parts are encoded by, beside the C0 control percent-encode set, which is in all of them. */
const sets = {
  fragment: ' "<>`',
  'special-query': ' "#<>\'',
  path: ' "#<>?^`{}',
  userinfo: ' "#<>?^`{}/:;=@[\\]|',
} as const

/** "UTF-8 percent-encode", with a named set. What is escaped already stays so. */
export function percentEncoded(text: string, set: keyof typeof sets): string {
  let encoded = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code > 0x7e) encoded += isSurrogate(code) ? '%EF%BF%BD' : escapesOf(character, code)
    else encoded += code < 0x20 || sets[set].includes(character) ? escape(code) : character
  }
  return encoded
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}

function escapesOf(character: string, code: number): string {
  return code === 0x7f ? '%7F' : encodeURIComponent(character)
}

function escape(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** "percent-decode", for ASCII; undefined if bytes beyond ASCII come of it. */
export function percentDecoded(text: string): string | undefined {
  const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return /^[\0-\x7f]*$/.test(decoded) ? decoded : undefined
}
