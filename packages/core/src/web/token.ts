/** HTTP tokens (RFC 9110, section 5.6.2): the grammar of methods and header names. */

/** By ASCII code: 1 where the character is a `tchar`. */
const tchars = new Uint8Array(128)
for (const c of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  tchars[c.charCodeAt(0)] = 1

export function isTokenCharacter(code: number): boolean {
  return code < 128 && tchars[code] === 1
}

/** One or more `tchar`. */
export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isTokenCharacter(text.charCodeAt(i))) return false
  return text.length > 0
}
