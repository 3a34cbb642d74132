/**
 * The public suffix list: domains under which anybody can get a name (`com`, `co.uk`, and in its private section
 * `vercel.app`, `s3.amazonaws.com`), so that names side by side under one belong to strangers.
 *
 * The list is a trie over labels, right to left, written as text:
 *
 *     trie  = node *( "," node )
 *     node  = label [ "+" / "!" ] [ "(" trie ")" ]
 *
 * A node is a rule if it says `+` or has nothing below it, and an exception if it says `!`; `*` is any one label.
 *
 * https://publicsuffix.org/list/ has the algorithm. Its default rule `*`, which makes a public suffix of every unknown
 * last label, is left out: it would take `intranet` and `internal`, which belong to one owner, for registries. A top-level
 * domain of which only parts are listed (`za`) is one nevertheless, for it is known to have strangers in it.
 */
import { publicSuffixList } from './public-suffix-list.generated.js'

interface Node {
  readonly isRule: boolean
  readonly isException: boolean
  readonly below: ReadonlyMap<string, Node>
}

/** Whether a domain (lower case, A-labels, no trailing dot) is a public suffix itself. */
export function isPublicSuffix(domain: string): boolean {
  const labels = domain.split('.').reverse()
  const parent = nodeAt(labels.slice(0, -1))
  const last = labels.at(-1)
  if (parent === undefined || last === undefined || last === '' || last === '*') return false
  const node = parent.below.get(last)
  if (node?.isException) return false
  return node?.isRule === true || parent.below.has('*') || (labels.length === 1 && node !== undefined)
}

/**
 * A public suffix that ends in `.domain`, one with as few labels as there is: `s3.amazonaws.com` for `amazonaws.com`.
 * For the label of a wildcard rule `any` stands. `isWanted`: what else is asked of it.
 */
export function publicSuffixBelow(
  domain: string,
  isWanted: (suffix: string) => boolean = () => true,
): string | undefined {
  const start = nodeAt(domain.split('.').reverse())
  let level = start === undefined ? [] : [{ name: domain, node: start }]
  while (level.length > 0) {
    const next = level.flatMap(({ name, node }) =>
      [...node.below].map(([label, child]) => ({ name: `${label === '*' ? 'any' : label}.${name}`, node: child })),
    )
    const rule = next.find(({ name, node }) => node.isRule && isWanted(name))
    if (rule !== undefined) return rule.name
    level = next
  }
  return undefined
}

/** The node of exactly these labels, right to left. A wildcard has nothing below it. */
function nodeAt(labels: readonly string[]): Node | undefined {
  let node: Node | undefined = root()
  for (const label of labels) node = node?.below.get(label)
  return node
}

let grown: Node | undefined

/** Read at first use: most policies have no wildcard, and importing this must cost nothing. */
function root(): Node {
  grown ??= { isRule: false, isException: false, below: grow(publicSuffixList) }
  return grown
}

function grow(text: string): Map<string, Node> {
  const top = new Map<string, Node>()
  const open = [top]
  for (const [, label = '', mark, bracket] of text.matchAll(/([^,()+!]+)([+!]?)(\(?)|\)/g)) {
    if (label === '') {
      open.pop()
      continue
    }
    const below = bracket === '(' ? new Map<string, Node>() : nothing
    open
      .at(-1)
      ?.set(label, { isRule: mark === '+' || (mark === '' && below === nothing), isException: mark === '!', below })
    if (below !== nothing) open.push(below)
  }
  return top
}

const nothing: Map<string, Node> = new Map()
