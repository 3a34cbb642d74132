/**
 * Text on its way to a terminal, a log or a report. Whatever a policy file, a request or a file name holds, it cannot move
 * the cursor, start a line of its own, turn the direction of reading, or hide.
 */

const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\udb40[\udc00-\udfff]/g

/** Several lines: line feeds and tabs stay. */
export function safeText(text: string): string {
  return text.replace(dangerous, (found) =>
    Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  )
}

/** One line. */
export function safeLine(text: string): string {
  return safeText(text).replace(/[\n\t]/g, (c) => (c === '\n' ? '\\n' : ' '))
}

/** JSON: the same characters, which stand in strings only, as JSON writes them. */
export function safeJson(value: unknown): string {
  return `${safeText(JSON.stringify(value, null, 2))}\n`
}
