/**
 * npm run fuzz -- --minutes N [--seed S] [--only area]...
 *
 * Areas take turns until the time is up. What is found is made small and printed as a row of the corpus; the exit code is 1
 * then. The same seed tries the same inputs of an area in the same order.
 */
import { commandLine } from '../../../scripts/command-line.mjs'
import { areas } from './areas.js'
import { fuzz, report } from './fuzz.js'

const values = commandLine(import.meta.url, {
  minutes: { type: 'string', default: '1' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  only: { type: 'string', multiple: true, default: [] },
})
const unknown = values.only.filter((name) => !areas.some((area) => area.name === name))
if (unknown.length > 0)
  throw new Error(`no such area: ${unknown.join()}; there are ${areas.map(({ name }) => name).join(', ')}`)

const chosen = areas.filter(({ name }) => values.only.length === 0 || values.only.includes(name))
console.log(`seed ${values.seed}`)
const end = performance.now() + Number(values.minutes) * 60_000
const result = fuzz(chosen, {
  seed: Number(values.seed),
  isTimeUp: () => performance.now() > end,
  onFinding: (finding) => console.log(finding.text),
})
for (const line of report(result)) console.log(line)
process.exitCode = result.findings.length > 0 ? 1 : 0
