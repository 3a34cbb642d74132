/** `safeconduct test`: policies held against their suites. */
import { PolicyError } from '@safeconduct/core'
import {
  classLine,
  emptySuite,
  failureOf,
  runSuite,
  type SuiteCoverage,
  suiteCoverage,
  type TestResult,
} from '@safeconduct/core/suite'
import { Usage } from '../exit.js'
import { filesNamed, isPolicyName, suites } from '../files.js'
import type { Io } from '../io.js'
import { counted, type Finding, type Line, type Outcome, type Report } from '../report/report.js'
import { requestWords } from '../request-words.js'
import { loadSuite, NoPolicy, type SuiteFile } from '../suite-file.js'

export interface TestOptions {
  /** Tell which classes of requests no test visits. */
  readonly coverage?: boolean
  /** Per cent; fail below it. */
  readonly coverageThreshold?: number
}

type Fault = Omit<Finding, 'file'>

/** What came of one file. */
interface SuiteRun {
  readonly file: string
  readonly tests: readonly TestResult[]
  /** What keeps the suite from being run. */
  readonly faults: readonly Fault[]
  readonly coverage?: SuiteCoverage
}

export async function testCommand(names: readonly string[], options: TestOptions, io: Io): Promise<Report> {
  const files = await filesNamed(names, suites, io)
  const policy = files.find(isPolicyName)
  if (policy !== undefined) throw new Usage(isPolicy(policy))
  const runs: SuiteRun[] = []
  for (const file of files) runs.push(await runFile(file, options, io))
  const outcomes = runs.flatMap((each) => [...outcomesOf(each), ...thresholdOutcome(each, options)])
  const failed = outcomes.filter(({ failure }) => failure !== undefined).length
  return {
    command: 'test',
    files,
    findings: runs.flatMap((each) => [...findingsOf(each), ...coverageFindings(each, options)]),
    outcomes,
    summary: `${counted(files.length, 'suite')}: ${outcomes.length - failed} passed, ${failed} failed`,
    lines: runs.flatMap((each) => [suiteLine(each, options), { text: '' }]),
    failed: failed > 0,
    details: { suites: runs },
  }
}

function isPolicy(file: string): string {
  const suite = file.replace(/\.cors\.(\w+)$/i, '.cors.test.$1')
  return `${file} is a policy; name its suite, such as ${suite} (safeconduct test --suggest ${file} writes one)`
}

async function runFile(file: string, options: TestOptions, io: Io): Promise<SuiteRun> {
  let loaded: SuiteFile | undefined
  try {
    loaded = await loadSuite(file, io)
    const { policy } = loaded.policy
    const { tests } = runSuite(policy, loaded.suite)
    const wanted = options.coverage === true || options.coverageThreshold !== undefined
    return { file, tests, faults: [], ...(wanted ? { coverage: suiteCoverage(policy, loaded.suite) } : {}) }
  } catch (error) {
    if (error instanceof PolicyError) return { file, tests: [], faults: error.diagnostics }
    if (error instanceof NoPolicy) return { file, tests: [], faults: [withoutPolicy(error)] }
    throw error
  }
}

function withoutPolicy({ code, fault, position }: NoPolicy): Fault {
  const pointer = position === undefined ? '' : '/policy'
  return { code, severity: 'error', pointer, message: fault, ...(position ? { position } : {}) }
}

function outcomesOf({ file, tests, faults }: SuiteRun): Outcome[] {
  if (faults.length > 0)
    return [{ name: 'the suite is valid', file, failure: faults.map((fault) => faultLine(fault, file)).join('\n') }]
  if (tests.length === 0) return [{ ...emptySuite, file }]
  return tests.map((test) => ({ name: test.name, file, ...(test.passed ? {} : { failure: failureOf(test) }) }))
}

function faultLine({ position, code, message }: Fault, file: string): string {
  return `${position ? `${file}:${position.line}:${position.column}` : file} ${code}: ${message}`
}

function findingsOf({ file, tests, faults }: SuiteRun): Finding[] {
  const failed = tests.filter(({ passed }) => !passed)
  return [
    ...faults.map((fault): Finding => ({ ...fault, file })),
    ...(faults.length === 0 && tests.length === 0 ? [emptyFinding(file)] : []),
    ...failed.map(({ name, pointer, position, checks }): Finding => {
      const [first] = checks.filter((check) => !check.passed)
      const [mismatch] = first?.mismatches ?? []
      const told = mismatch ? `${first?.asked}: ${mismatch.field} is ${mismatch.actual}, not ${mismatch.expected}` : ''
      const more = checks.filter((check) => !check.passed).length - 1
      const message = `\`${name}\` fails: ${told}${more > 0 ? `, and ${more} more` : ''}`
      return { code: 'test-failed', severity: 'error', message, file, pointer, ...(position ? { position } : {}) }
    }),
  ]
}

function emptyFinding(file: string): Finding {
  return { code: 'test-failed', severity: 'error', message: `${emptySuite.name}: ${emptySuite.failure}`, file }
}

/** Whole per cent, rounded down, so that 100 means all. */
function percent({ ratio }: SuiteCoverage): number {
  return Math.floor(ratio * 100)
}

function isBelow(coverage: SuiteCoverage, { coverageThreshold = 0 }: TestOptions): boolean {
  return coverage.ratio * 100 < coverageThreshold || (!coverage.complete && coverageThreshold > 0)
}

function thresholdOutcome({ file, coverage }: SuiteRun, options: TestOptions): Outcome[] {
  if (coverage === undefined || options.coverageThreshold === undefined) return []
  const name = `coverage of at least ${options.coverageThreshold} %`
  return [{ name, file, ...(isBelow(coverage, options) ? { failure: `it is ${percent(coverage)} %` } : {}) }]
}

function coverageFindings({ file, coverage }: SuiteRun, options: TestOptions): Finding[] {
  if (coverage === undefined) return []
  const severity = isBelow(coverage, options) ? 'error' : 'info'
  return coverage.missing.map((each) => {
    const message = `no test visits ${classLine(each)}; e.g. \`${requestWords(each.witness)}\``
    return { code: 'not-covered', severity, message, file, witness: each.witness }
  })
}

function suiteLine({ file, tests, faults, coverage }: SuiteRun, options: TestOptions): Line {
  if (faults.length > 0) {
    const below = faults.map((fault): Line => ({ text: faultLine(fault, file) }))
    return { text: file, tone: 'heading', below: [{ text: 'is not a valid suite', tone: 'fail', below }] }
  }
  const empty: Line = { text: `${emptySuite.name}: ${emptySuite.failure}`, tone: 'fail' }
  const below = [
    ...(tests.length === 0 ? [empty] : tests.map(testLine)),
    ...(coverage === undefined ? [] : [coverageLine(coverage, options)]),
  ]
  return { text: file, tone: 'heading', below }
}

function testLine(test: TestResult): Line {
  const { name, kind, passed, checks } = test
  if (passed) return { text: kind === 'matrix' ? `${name} (${counted(checks.length, 'cell')})` : name, tone: 'pass' }
  const [title = name, ...lines] = failureOf(test).split('\n')
  return { text: title, tone: 'fail', below: lines.map((text) => ({ text: text.replace(/^ {2}/, '') })) }
}

function coverageLine(coverage: SuiteCoverage, options: TestOptions): Line {
  const { visited, missing, complete } = coverage
  const all = visited.length + missing.length
  const rest = complete ? '' : '; incomplete: the globs combine in more ways than can be looked through'
  return {
    text: `coverage: ${percent(coverage)} % (${visited.length} of ${all} ${all === 1 ? 'class' : 'classes'} of requests)${rest}`,
    tone: isBelow(coverage, options) ? 'fail' : 'plain',
    below: missing.map((each) => ({
      text: `no test: ${classLine(each)}`,
      below: [{ text: `e.g. ${requestWords(each.witness)}`, tone: 'quiet' }],
    })),
  }
}
