/** `safeconduct compare`: who gains and who loses what between two policies. */
import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { compilePolicy, type Policy } from '@safeconduct/core'
import { type Change, type Comparison, compare } from '@safeconduct/core/analysis'
import { locationsOf } from '@safeconduct/core/text'
import { changeSentence } from '../change-words.js'
import { CannotRun, Usage } from '../exit.js'
import { filesNamed, isPolicyName, isSuiteName, policies } from '../files.js'
import { fileAt, goneSince } from '../git.js'
import type { Io } from '../io.js'
import { compiledFile, loadPolicy, type PolicyFile } from '../policy-file.js'
import { comparisonLines, comparisonSummary } from '../report/comparison-lines.js'
import { comparisonMarkdown } from '../report/comparison-markdown.js'
import type { Finding, Report } from '../report/report.js'

export interface CompareOptions {
  /** A git revision, in which the earlier policies are. */
  readonly base?: string
  readonly failOn?: 'broader' | 'narrower' | 'any'
}

export type Base = 'valid' | 'absent' | 'invalid'
export type Head = 'valid' | 'absent'

/** Two policies compared, with their names. What is absent or does not load counts as one that allows nobody. */
export interface ComparedFile {
  readonly before: string
  readonly after: string
  readonly base: Base
  readonly head: Head
  readonly comparison: Comparison
  readonly later: PolicyFile
}

export async function compareCommand(names: readonly string[], options: CompareOptions, io: Io): Promise<Report> {
  const compared = options.base === undefined ? [await twoFiles(names, io)] : await againstBase(names, options.base, io)
  return {
    command: 'compare',
    files: compared.map(({ after }) => after),
    findings: compared.flatMap((each) =>
      each.comparison.changes.map((change) => finding(change, each, options.failOn)),
    ),
    outcomes: [],
    summary: comparisonSummary(compared.map(({ comparison }) => comparison)),
    lines: compared.flatMap(comparisonLines),
    markdown: comparisonMarkdown(compared),
    failed: compared.some(({ comparison }) => fails(comparison, options.failOn)),
    details: {
      comparisons: compared.map(({ before, after, base, head, comparison }) => ({
        before,
        after,
        base,
        head,
        ...comparison,
      })),
    },
  }
}

async function twoFiles([first, second, third]: readonly string[], io: Io): Promise<ComparedFile> {
  if (first === undefined || second === undefined || third !== undefined) {
    throw new Usage('compare takes the earlier and the later file; or --base REVISION and the files as they are now')
  }
  const { policy } = await loadPolicy(first, io)
  return compared({ name: first, base: 'valid', policy }, 'valid', await loadPolicy(second, io))
}

/** A policy that is gone counts too: its pages lost all that it allowed, unless another file took its place. */
async function againstBase(names: readonly string[], revision: string, io: Io): Promise<readonly ComparedFile[]> {
  const placeOf = (name: string): string => relative(io.cwd, resolve(io.cwd, name))
  const named = new Set(names.map(placeOf))
  const gone = (await goneSince(revision, names, io)).filter(
    (file) => named.has(file) || (isPolicyName(file) && !isSuiteName(file)),
  )
  const isGone = (place: string): boolean => gone.some((file) => file === place || file.startsWith(`${place}/`))
  const left = names.filter((name) => !isGone(placeOf(name)) || existsSync(resolve(io.cwd, name)))
  const files = names.length > 0 && left.length === 0 ? [] : await filesNamed(left, policies, io, gone.length > 0)
  const old = await Promise.all(gone.map((file) => earlier(revision, file, io)))
  const found: ComparedFile[] = []
  for (const file of files) {
    const later = await loadPolicy(file, io)
    const same = await earlier(revision, file, io)
    const moved = same.base === 'absent' ? taken(old, later) : undefined
    found.push(compared(moved ?? same, 'valid', later))
  }
  for (const each of old) found.push(compared(each, 'absent', { ...nothing(), file: each.file }))
  return found
}

/** A policy of the base. */
interface Earlier {
  readonly name: string
  readonly base: Base
  readonly policy: Policy
}

/** Of those that are gone the one that a new file says in its place, taken out of them: what means the same. */
function taken<E extends Earlier>(gone: E[], { policy }: PolicyFile): E | undefined {
  const at = gone.findIndex((each) => compare(each.policy, policy).verdict === 'equivalent')
  return at === -1 ? undefined : gone.splice(at, 1)[0]
}

function nothing(): Omit<PolicyFile, 'file'> {
  const document = { version: 1, rules: [] } as const
  return { text: '', document, policy: compilePolicy(document) }
}

/** A change that repairs a policy is to be seen too. */
async function earlier(revision: string, file: string, io: Io): Promise<Earlier & { readonly file: string }> {
  const name = `${revision}:${file}`
  const text = await fileAt(revision, file, io)
  if (text === undefined) return { name, file, base: 'absent', policy: nothing().policy }
  try {
    return { name, file, base: 'valid', policy: compiledFile({ file: name, text }).policy }
  } catch (error) {
    if (error instanceof CannotRun) return { name, file, base: 'invalid', policy: nothing().policy }
    throw error
  }
}

function compared({ name, base, policy }: Earlier, head: Head, later: PolicyFile): ComparedFile {
  return { before: name, after: later.file, base, head, comparison: compare(policy, later.policy), later }
}

function fails({ verdict, complete }: Comparison, failOn: CompareOptions['failOn']): boolean {
  if (failOn === undefined) return false
  if (!complete || verdict === 'both') return true
  return failOn === 'any' ? verdict !== 'equivalent' : verdict === failOn
}

function finding(change: Change, { after, later }: ComparedFile, failOn: CompareOptions['failOn']): Finding {
  const { direction, witness } = change
  const severity = failOn === direction || failOn === 'any' ? 'error' : direction === 'broader' ? 'warning' : 'info'
  const index = later.document.rules.findIndex(({ id }) => id === change.after)
  const pointer = `/rules/${index}`
  const position = index === -1 ? undefined : locationsOf(later.document)?.(pointer)
  const place = position === undefined ? {} : { pointer, position }
  return { code: `change-${direction}`, severity, message: changeSentence(change), file: after, ...place, witness }
}
