/** `safeconduct compare`: who gains and who loses what between two policies. */
import { compilePolicy, type Policy } from '@safeconduct/core'
import { type Change, type Comparison, compare } from '@safeconduct/core/analysis'
import { locationsOf } from '@safeconduct/core/text'
import { changeSentence } from '../change-words.js'
import { CannotRun, Usage } from '../exit.js'
import { filesNamed, policies } from '../files.js'
import { fileAt } from '../git.js'
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

/** Two policies compared, with their names. */
export interface ComparedFile {
  readonly before: string
  readonly after: string
  /** Where the earlier policy is absent or does not load, the later one is compared with one that allows nobody. */
  readonly base: Base
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
      comparisons: compared.map(({ before, after, base, comparison }) => ({ before, after, base, ...comparison })),
    },
  }
}

async function twoFiles([first, second, third]: readonly string[], io: Io): Promise<ComparedFile> {
  if (first === undefined || second === undefined || third !== undefined) {
    throw new Usage('compare takes the earlier and the later file; or --base REVISION and the files as they are now')
  }
  return compared(first, 'valid', (await loadPolicy(first, io)).policy, await loadPolicy(second, io))
}

async function againstBase(names: readonly string[], revision: string, io: Io): Promise<readonly ComparedFile[]> {
  const found: ComparedFile[] = []
  for (const file of await filesNamed(names, policies, io)) {
    const name = `${revision}:${file}`
    const { base, policy } = earlier(name, await fileAt(revision, file, io))
    found.push(compared(name, base, policy, await loadPolicy(file, io)))
  }
  return found
}

const nobody = (): Policy => compilePolicy({ version: 1, rules: [] })

/** A change that repairs a policy is to be seen too. */
function earlier(file: string, text: string | undefined): { readonly base: Base; readonly policy: Policy } {
  if (text === undefined) return { base: 'absent', policy: nobody() }
  try {
    return { base: 'valid', policy: compiledFile({ file, text }).policy }
  } catch (error) {
    if (error instanceof CannotRun) return { base: 'invalid', policy: nobody() }
    throw error
  }
}

function compared(before: string, base: Base, old: Policy, later: PolicyFile): ComparedFile {
  return {
    before,
    after: later.file,
    base,
    comparison: compare(old, later.policy),
    later,
  }
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
