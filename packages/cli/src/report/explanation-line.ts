/** An explanation for people: the request and its outcome, and below it step by step why. */
import type { Explanation, ExplanationStep } from '@safeconduct/core/analysis'
import { requestWords } from '../request-words.js'
import type { Line } from './report.js'

/** `unsaid`: what it takes the world to be, in words. */
export function explanationLine(explanation: Explanation, unsaid: readonly string[]): Line {
  const { request, decision, rule, steps, console, consoleWithCredentials } = explanation
  const outcome =
    decision.kind === 'non-cors' ? 'no CORS request' : decision.allowed ? 'allowed' : `refused (${decision.reason})`
  return {
    text: `${requestWords(request)}: ${outcome}`,
    tone: 'heading',
    below: [
      ...steps.map((step) => stepLine(step, step.step === 'rule' ? rule?.over : undefined)),
      ...unsaid.map((text): Line => ({ text: `assumed: ${text}`, tone: 'quiet' })),
      answerLine(explanation),
      ...consoleLines(console, ''),
      ...consoleLines(consoleWithCredentials, ', with credentials'),
    ],
  }
}

function consoleLines(messages: Explanation['console'], when: string): Line[] {
  if (messages === undefined) return []
  return [{ text: `Chromium${when}: ${messages.chromium}` }, { text: `Firefox${when}: ${messages.firefox}` }]
}

type Over = NonNullable<Explanation['rule']>['over']

function stepLine({ step, verdict, detail, source, nearMisses }: ExplanationStep, over: Over = []): Line {
  const text = `${step.padEnd(15)} ${detail}`
  const tones = { pass: 'pass', fail: 'fail', 'not-reached': 'quiet' } as const
  const shown = verdict === 'not-reached' ? `· ${text}` : text
  const won = over.map(({ id, glob }): Line => ({ text: `more specific than ${glob} of rule ${id}`, tone: 'quiet' }))
  const near = nearMisses.map((miss): Line => ({ text: `near: ${miss}` }))
  const why: Line[] = verdict === 'fail' ? [{ text: source, tone: 'quiet' }] : []
  return { text: shown, tone: tones[verdict], below: [...won, ...near, ...why] }
}

function answerLine({ decision }: Explanation): Line {
  const headers = Object.entries(decision.headers).map(([name, value]): Line => ({ text: `${name}: ${value}` }))
  const vary: Line[] = decision.vary.length === 0 ? [] : [{ text: `vary: ${decision.vary.join(', ')}` }]
  const status = decision.kind === 'preflight' ? `answer ${decision.status}` : 'added to the answer'
  const below = [...headers, ...vary]
  return { text: below.length === 0 ? `${status}: no header` : `${status}:`, below }
}
