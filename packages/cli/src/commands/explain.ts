/** `safeconduct explain`: why requests are decided as they are. */
import { foldPolicy, type Policy, PolicyError, type RouterOptions, withOrigins } from '@safeconduct/core'
import { type Explanation, explain } from '@safeconduct/core/analysis'
import { Usage } from '../exit.js'
import { type Fold, folds } from '../folds.js'
import type { Io } from '../io.js'
import { loadPolicy } from '../policy-file.js'
import { type Question, type QuestionOptions, questionsOf } from '../question.js'
import { explanationLine } from '../report/explanation-line.js'
import type { Line, Report } from '../report/report.js'
import { unsaidOf } from '../unsaid.js'

export interface ExplainOptions extends QuestionOptions {
  /** What an external group holds: `group=origin`. */
  readonly external?: readonly string[]
  /** How the router folds paths. */
  readonly fold?: readonly Fold[]
  readonly debug?: boolean
}

export async function explainCommand(
  file: string,
  words: readonly string[],
  options: ExplainOptions,
  io: Io,
): Promise<Report> {
  const router = Object.assign({}, ...(options.fold ?? []).map((fold) => folds[fold])) as RouterOptions
  const { questions, passedOver } = await questionsOf(words, options, router, io)
  const members = membersOf(options.external ?? [])
  const policy = put(members, folded((await loadPolicy(file, io)).policy, router))
  const answers = questions.map((each) => answered(each, policy, options))
  const left = passedOver === 0 ? '' : `; ${passedOver} without Origin passed over`
  const shown = inOrder(answers)
  const explanations = shown.flat()
  const isOne = explanations.length === 1 && passedOver === 0
  const said = { served: options.served !== undefined, external: new Set(members.keys()) }
  const line = (each: Explanation): Line => explanationLine(each, unsaidOf(each, policy, said))
  const blank = isOne ? [] : [{ text: '' }]
  return {
    command: 'explain',
    files: [file],
    findings: [],
    outcomes: [],
    summary: `${summary(answers)}${left}`,
    lines: answers.flatMap((answer, i) =>
      (shown[i] ?? []).flatMap((each) => [each === answer.own ? withNotes(line(each), answer) : line(each), ...blank]),
    ),
    isSummed: isOne,
    failed: false,
    details: { explanations },
  }
}

/** What came of a question. */
interface Answer {
  readonly question: Question
  readonly own: Explanation
  /** Of the preflight by which a browser announces the request. */
  readonly preflight?: Explanation
}

function answered(question: Question, policy: Policy, { debug = false }: ExplainOptions): Answer {
  const { request, target, preflight } = question
  const own = explain(policy, request, { debug, target })
  return { question, own, ...(preflight ? { preflight: explain(policy, preflight, { debug, target }) } : {}) }
}

/**
 * All explanations, each answer's together. A preflight is explained once: browsers record theirs in a HAR file, and may
 * send one request many times.
 */
function inOrder(answers: readonly Answer[]): readonly (readonly Explanation[])[] {
  const seen = new Set(answers.map(({ own }) => JSON.stringify(own.request)))
  return answers.map(({ preflight, own }) => {
    const key = JSON.stringify(preflight?.request)
    const isNew = preflight !== undefined && !seen.has(key)
    seen.add(key)
    return isNew ? [preflight, own] : [own]
  })
}

/** What is to be known beside the explanation of the request by itself. */
function withNotes(line: Line, { question: { notes }, preflight }: Answer): Line {
  return {
    ...line,
    text: isRefused(preflight)
      ? `${line.text}, but browsers do not send it, since its preflight is refused`
      : line.text,
    below: [...(line.below ?? []), ...notes.map((text): Line => ({ text, tone: 'quiet' }))],
  }
}

function summary(answers: readonly Answer[]): string {
  const [only] = answers
  if (answers.length === 1 && only) return outcomeOf(only)
  const counts = new Map<string, number>()
  for (const each of answers.map(outcomeOf)) counts.set(each, (counts.get(each) ?? 0) + 1)
  return `${answers.length} requests: ${[...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ')}`
}

/** The worse of both: a browser does not send what it announces in vain. */
function outcomeOf({ own, preflight }: Answer): string {
  if (preflight !== undefined && isRefused(preflight))
    return `refused (${preflight.decision.reason})${isRefused(own) ? '' : ' at the preflight'}`
  if (own.decision.kind === 'non-cors') return 'no CORS request'
  return own.decision.allowed ? 'allowed' : `refused (${own.decision.reason})`
}

function isRefused(explanation: Explanation | undefined): boolean {
  return explanation !== undefined && explanation.decision.kind !== 'non-cors' && !explanation.decision.allowed
}

function folded(policy: Policy, router: RouterOptions): Policy {
  return Object.keys(router).length === 0 ? policy : asUsage(() => foldPolicy(policy, router))
}

/** The members of external groups, by the group's name. */
function membersOf(members: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const member of members) {
    const at = member.indexOf('=')
    if (at < 1) throw new Usage(`${member} is no member of a group; write GROUP=ORIGIN`)
    const name = member.slice(0, at).replace(/^@/, '')
    groups.set(name, [...(groups.get(name) ?? []), member.slice(at + 1)])
  }
  return groups
}

/** External groups with the origins that the program would supply. */
function put(members: ReadonlyMap<string, readonly string[]>, policy: Policy): Policy {
  return [...members].reduce((all, [name, origins]) => asUsage(() => withOrigins(all, name, origins)), policy)
}

function asUsage(make: () => Policy): Policy {
  try {
    return make()
  } catch (error) {
    if (error instanceof PolicyError) throw new Usage(error.diagnostics.map(({ message }) => message).join('\n'))
    throw error
  }
}
