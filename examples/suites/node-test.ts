/** A suite run by Node's own test runner: `node --test dist/suites/node-test.js`. */
import test from 'node:test'
import { suiteTests } from '@safeconduct/core/suite'
import { policy, suite } from './shop.js'

for (const [name, check] of suiteTests(policy, suite)) test(name, check)
