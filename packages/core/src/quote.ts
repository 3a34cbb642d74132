/**
 * What a user or a client wrote, as it may stand in a sentence, a log line or a terminal: in backticks; control
 * characters, lone surrogates, direction marks and backticks are escaped; cut after 200 characters.
 */
export function quote(text: string): string {
  return `\`${escapeText(text)}\``
}

const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff`]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** The same without the backticks, for names of files and pointers. */
export function escapeText(text: string): string {
  const short = text.length > 200 ? `${text.slice(0, 200)}…` : text
  return short.replace(unprintable, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
