/** `safeconduct test --suggest`: the cases that suites lack, to be reviewed and put into them. */
import { type Policy, PolicyError } from '@safeconduct/core'
import { type CaseDocument, type SuiteDocument, suggestCases } from '@safeconduct/core/suite'
import { CannotRun } from '../exit.js'
import { filesNamed, isSuiteName, suites } from '../files.js'
import type { Io } from '../io.js'
import { loadPolicy } from '../policy-file.js'
import { loadSuite, policyName } from '../suite-file.js'
import { safeLine, safeText } from '../terminal-text.js'

/** The text of cases for each suite, or of a whole suite for each policy. */
export async function suggestions(names: readonly string[], io: Io): Promise<string> {
  const texts: string[] = []
  for (const file of await filesNamed(names, suites, io)) {
    texts.push(isSuiteName(file) ? await forSuite(file, io) : await forPolicy(file, io))
  }
  return safeText(texts.join('\n'))
}

async function forSuite(file: string, io: Io): Promise<string> {
  const { suite, policy } = await loaded(file, io)
  const cases = casesFor(policy.policy, suite, file)
  if (cases.length === 0) return `# ${safeLine(file)} lacks no case\n`
  const isJson = /\.jsonc?$/i.test(file)
  const title = `${isJson ? '//' : '#'} For ${safeLine(file)}: what the policy says now. Is it what it ought to say?\n`
  return `${title}${isJson ? `"cases": ${JSON.stringify(cases, null, 2)}\n` : yamlCases(cases)}`
}

async function loaded(file: string, io: Io): ReturnType<typeof loadSuite> {
  try {
    return await loadSuite(file, io)
  } catch (error) {
    if (error instanceof PolicyError)
      throw new CannotRun(`${file} is not a valid suite; safeconduct test ${file} tells why`)
    throw error
  }
}

async function forPolicy(file: string, io: Io): Promise<string> {
  const { policy } = await loadPolicy(file, io)
  const cases = casesFor(policy, { version: 1 }, file)
  const title = `# A suite for ${safeLine(file)}: what the policy says now. Is it what it ought to say?\n`
  return `${title}version: 1\npolicy: ${JSON.stringify(policyName(file, io))}\n${yamlCases(cases)}`
}

function casesFor(policy: Policy, suite: SuiteDocument, file: string): readonly CaseDocument[] {
  try {
    return suggestCases(policy, suite)
  } catch (error) {
    if (error instanceof PolicyError)
      throw new CannotRun(`${file} is not a valid suite; safeconduct test ${file} tells why`)
    throw error
  }
}

/** Flow style of YAML is JSON. */
function yamlCases(cases: readonly CaseDocument[]): string {
  const lines = cases.flatMap(({ name, request, expect }) => [
    `  - name: ${JSON.stringify(name)}`,
    `    request: ${flow(request)}`,
    `    expect: ${flow(expect)}`,
  ])
  return `${['cases:', ...lines].join('\n')}\n`
}

function flow(value: unknown): string {
  return JSON.stringify(value)
}
