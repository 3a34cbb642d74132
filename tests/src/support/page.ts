/** A Markdown page as the tests read it: its fenced blocks, its headings, its links. */

export interface Block {
  readonly page: string
  /** The line of the first line of text, counted from 1. */
  readonly line: number
  /** The first word after the fence; empty where there is none. */
  readonly language: string
  /** The other words after the fence: a file name, `continues`, `no-run`. */
  readonly words: readonly string[]
  /** The nearest heading above. */
  readonly heading: string
  readonly text: string
}

export interface Page {
  readonly blocks: readonly Block[]
  readonly headings: readonly string[]
  /** Targets of inline links outside code. */
  readonly links: readonly string[]
}

export function parsePage(page: string, text: string): Page {
  const blocks: Block[] = []
  const headings: string[] = []
  const links: string[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(line)
    if (fence) {
      const [, indent = '', marks = '', info = ''] = fence
      const end = lines.findIndex((l, at) => at > i && l.trim() === marks)
      if (end < 0) throw new Error(`${page}:${i + 1}: the fence is never closed`)
      const [language = '', ...words] = info.trim().split(/\s+/)
      blocks.push({
        page,
        line: i + 2,
        language,
        words,
        heading: headings.at(-1) ?? '',
        text: lines
          .slice(i + 1, end)
          .map((l) => (l.startsWith(indent) ? l.slice(indent.length) : l))
          .join('\n'),
      })
      i = end
      continue
    }
    const heading = /^#+ (.*?)\s*$/.exec(line)
    if (heading) headings.push(heading[1] ?? '')
    for (const link of line.replace(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)/g)) links.push(link[1] ?? '')
  }
  return { blocks, headings, links }
}

/** The fragment that code hosts give a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}
