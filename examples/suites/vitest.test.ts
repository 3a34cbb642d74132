/** A suite run by Vitest: `npx vitest run suites`. */
import { readFileSync } from 'node:fs'
import { compilePolicy } from '@safeconduct/core'
import { suiteTests } from '@safeconduct/core/suite'
import { parsePolicy, parseSuite } from '@safeconduct/core/text'
import { describe, test } from 'vitest'

/** Vitest runs this file as it stands, so paths are relative to it. */
function read(file: string): string {
  return readFileSync(new URL(`../shop/${file}`, import.meta.url), 'utf8')
}

const policy = compilePolicy(parsePolicy(read('shop.cors.yaml'), { file: 'shop.cors.yaml' }))
const suite = parseSuite(read('shop.cors.test.yaml'), { file: 'shop.cors.test.yaml' })

describe('shop.cors.test.yaml', () => {
  for (const [name, check] of suiteTests(policy, suite)) test(name, check)
})
