/** A suite file, and the policy that it tests. */
import { stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { PolicyError } from '@safeconduct/core'
import { checkSuite, type SuiteDocument } from '@safeconduct/core/suite'
import { parseSuite } from '@safeconduct/core/text'
import { CannotRun } from './exit.js'
import type { Io } from './io.js'
import { loadPolicy, type PolicyFile } from './policy-file.js'
import { readDocument } from './text-file.js'

export interface SuiteFile {
  readonly file: string
  readonly suite: SuiteDocument
  readonly policy: PolicyFile
}

/** @throws PolicyError with all that is wrong with the suite. @throws CannotRun if it or its policy cannot be read. */
export async function loadSuite(file: string, io: Io): Promise<SuiteFile> {
  const { text } = await readDocument(file, io)
  const suite = parseSuite(text, { file })
  const faults = checkSuite(suite)
  if (faults.length > 0) throw new PolicyError(faults)
  return { file, suite, policy: await loadPolicy(await policyOf(file, suite, io), io) }
}

/** The one that it names, else the one beside it: `shop.cors.yaml` for `shop.cors.test.yaml`. */
async function policyOf(file: string, { policy }: SuiteDocument, io: Io): Promise<string> {
  if (policy !== undefined) return join(dirname(file), policy)
  const [, base = file, ending = ''] = /^(.*)\.cors\.test\.(\w+)$/i.exec(file) ?? []
  const candidates = [ending, 'yaml', 'yml', 'json', 'jsonc'].map((each) => `${base}.cors.${each}`)
  for (const candidate of candidates) if (await isFile(resolve(io.cwd, candidate))) return candidate
  throw new CannotRun(`there is no policy beside ${file}; name it there: "policy": "./shop.cors.yaml"`)
}

/** The name by which a suite in the working directory finds a policy. */
export function policyName(policy: string, io: Io): string {
  return `./${relative(io.cwd, resolve(io.cwd, policy))}`
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
