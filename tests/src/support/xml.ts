/** Whether a text is well-formed XML 1.0, for the part of it that reports use: a declaration, elements, attributes, text. */

const name = '[A-Za-z_][\\w.-]*'
const text = '(?:[^<&\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]|&(?:amp|lt|gt|quot|apos);)'
const attribute = `\\s+${name}="(?:(?!")${text})*"`
const token = new RegExp(`<(/?)(${name})((?:${attribute})*)\\s*(/?)>|${text}+`, 'y')

/** The elements, each with its attributes, in the order in which they begin. @throws where the text is not well-formed. */
export function elementsOf(
  document: string,
): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!document.startsWith(declaration)) throw new Error('there is no declaration')
  const elements: { name: string; attributes: Record<string, string> }[] = []
  const open: string[] = []
  token.lastIndex = declaration.length
  while (token.lastIndex < document.length) {
    const at = token.lastIndex
    const [, end, tag, attributes = '', empty] = token.exec(document) ?? fail(document, at)
    if (tag === undefined) continue
    if (end === '/') {
      if (open.pop() !== tag) fail(document, at)
    } else {
      if (open.length === 0 && elements.length > 0) fail(document, at)
      elements.push({ name: tag, attributes: attributesOf(attributes) })
      if (empty !== '/') open.push(tag)
    }
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} is not closed`)
  return elements
}

function fail(document: string, at: number): never {
  throw new Error(`not well-formed at ${JSON.stringify(document.slice(at, at + 80))}`)
}

function attributesOf(written: string): Record<string, string> {
  const found = [...written.matchAll(/([\w.-]+)="([^"]*)"/g)].map(
    ([, key = '', value = '']) => [key, unescaped(value)] as const,
  )
  if (new Set(found.map(([key]) => key)).size < found.length) throw new Error(`an attribute stands twice: ${written}`)
  return Object.fromEntries(found)
}

function unescaped(value: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return value.replace(/&(\w+);/g, (_, entity: string) => named[entity] ?? '')
}
