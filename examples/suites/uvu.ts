/** A suite run by uvu: `node dist/suites/uvu.js`. */
import { suiteTests } from '@safeconduct/core/suite'
import { suite as uvu } from 'uvu'
import { policy, suite } from './shop.js'

const tests = uvu('shop.cors.test.yaml')
for (const [name, check] of suiteTests(policy, suite)) tests(name, check)
tests.run()
