/** npm run router -- --targets 100000: the random targets of `index.router.test.ts`, as many as are asked for. */
import { commandLine } from '../../../../scripts/command-line.mjs'
import '../seed.js'
import { plugin } from './declare.js'
import { tried } from './trial.js'

const values = commandLine(import.meta.url, { targets: { type: 'string', default: '100000' } })
const { servers, notStarted, byKind, total } = await tried(Number(values.targets), plugin)
console.table({ ...Object.fromEntries(byKind), total })
console.log(`on ${servers} servers, none of them wrong; ${notStarted} more did not start`)
