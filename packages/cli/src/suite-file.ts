/** A suite file, and the policy that it tests. */
import { stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { PolicyError, type Position } from '@safeconduct/core'
import { checkSuite, type SuiteDocument } from '@safeconduct/core/suite'
import { locationsOf, parseSuite } from '@safeconduct/core/text'
import { CannotRun } from './exit.js'
import { isMissing } from './files.js'
import type { Io } from './io.js'
import { InvalidPolicy, loadPolicy, type PolicyFile } from './policy-file.js'
import { readDocument } from './text-file.js'

export interface SuiteFile {
  readonly file: string
  readonly suite: SuiteDocument
  readonly policy: PolicyFile
}

/** What a suite is to test is not there, or is no policy. */
export class NoPolicy extends CannotRun {
  override readonly name: string = 'NoPolicy'
  readonly code: 'policy-invalid' | 'policy-missing'
  /** In words, without the name of the suite. */
  readonly fault: string
  /** Where the suite names it. */
  readonly position: Position | undefined

  constructor(code: NoPolicy['code'], file: string, fault: string, position?: Position) {
    super(`${position === undefined ? file : `${file}:${position.line}:${position.column}`}: ${fault}`)
    this.code = code
    this.fault = fault
    this.position = position
  }
}

/**
 * @throws PolicyError with all that is wrong with the suite. @throws NoPolicy where there is none, or one that does not load.
 * @throws CannotRun if the suite or its policy cannot be read.
 */
export async function loadSuite(file: string, io: Io): Promise<SuiteFile> {
  const { text } = await readDocument(file, io)
  const suite = parseSuite(text, { file })
  const faults = checkSuite(suite)
  if (faults.length > 0) throw new PolicyError(faults)
  const name = await policyOf(file, suite, io)
  try {
    return { file, suite, policy: await loadPolicy(name, io) }
  } catch (error) {
    if (error instanceof InvalidPolicy) throw new NoPolicy('policy-invalid', file, error.inShort, placeIn(suite))
    throw error
  }
}

/** Where a suite names its policy. */
function placeIn(suite: SuiteDocument): Position | undefined {
  return locationsOf(suite)?.('/policy')
}

/** The one that it names, else the one beside it: `shop.cors.yaml` for `shop.cors.test.yaml`. */
async function policyOf(file: string, suite: SuiteDocument, io: Io): Promise<string> {
  const { policy } = suite
  if (policy !== undefined) {
    const named = join(dirname(file), policy)
    if (await isThere(resolve(io.cwd, named))) return named
    throw new NoPolicy('policy-missing', file, `there is no policy ${policy}`, placeIn(suite))
  }
  const [, base = file, ending = ''] = /^(.*)\.cors\.test\.(\w+)$/i.exec(file) ?? []
  const candidates = [ending, 'yaml', 'yml', 'json', 'jsonc'].map((each) => `${base}.cors.${each}`)
  for (const candidate of candidates) if (await isFile(resolve(io.cwd, candidate))) return candidate
  throw new NoPolicy(
    'policy-missing',
    file,
    'there is no policy beside it; name it there: "policy": "./shop.cors.yaml"',
  )
}

/** The name by which a suite in the working directory finds a policy. */
export function policyName(policy: string, io: Io): string {
  return `./${relative(io.cwd, resolve(io.cwd, policy))}`
}

/** Whatever else keeps it from being read is told when it is. */
async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    return !isMissing(error)
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
