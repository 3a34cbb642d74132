/**
 * `npm run bench` prints the page; `--write` writes it to `docs/performance.md`; `--smoke` only sees that all subjects come to the
 * expected decisions, and times nothing.
 */
import { writeFileSync } from 'node:fs'
import { commandLine, commandLineSection } from './cli.mjs'
import { decision, decisionOnNode, secondHarness } from './decision.mjs'
import { growth } from './growth.mjs'
import { pipeline } from './pipeline.mjs'
import { page } from './report.mjs'

const smoke = process.argv.includes('--smoke')
const decisions = await decision({ smoke })
const onNode = await decisionOnNode({ smoke })
const pipelines = await pipeline({ smoke })
const grown = growth({ smoke })
const commands = commandLine({ smoke })
if (smoke) console.log('bench: all subjects agree on every workload')
else {
  const engine = page({ decisions, onNode, second: await secondHarness(), pipelines, grown })
  const text = `${engine.trimEnd()}\n\n${commandLineSection(commands)}`
  if (process.argv.includes('--write')) writeFileSync(new URL('../docs/performance.md', import.meta.url), text)
  else console.log(text)
}
