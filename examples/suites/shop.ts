/** The shop's policy and its suite, read from their files. */
import { readFileSync } from 'node:fs'
import { compilePolicy, type Policy } from '@safeconduct/core'
import type { SuiteDocument } from '@safeconduct/core/suite'
import { parsePolicy, parseSuite } from '@safeconduct/core/text'

/** Compiled, this file lies in examples/dist/suites. */
function read(file: string): string {
  return readFileSync(new URL(`../../shop/${file}`, import.meta.url), 'utf8')
}

export const policy: Policy = compilePolicy(parsePolicy(read('shop.cors.yaml'), { file: 'shop.cors.yaml' }))

export const suite: SuiteDocument = parseSuite(read('shop.cors.test.yaml'), { file: 'shop.cors.test.yaml' })
