/**
 * `npm run bench` prints the page; `--write` writes it to `docs/performance.md`, with its charts; `--smoke` only sees that all
 * subjects come to the expected decisions, and times nothing.
 */
import { writeFileSync } from 'node:fs'
import { commandLine as options } from '../scripts/command-line.mjs'
import { growthChart, pipelineChart } from './chart.mjs'
import { commandLine, commandLineSection } from './cli.mjs'
import { decision, decisionOnNode, secondHarness } from './decision.mjs'
import { growth } from './growth.mjs'
import { http } from './http.mjs'
import { pipeline } from './pipeline.mjs'
import { replacing } from './replace.mjs'
import { page } from './report.mjs'

const { smoke, write: writes } = options(import.meta.url, {
  smoke: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
})
const decisions = await decision({ smoke })
const onNode = await decisionOnNode({ smoke })
const pipelines = await pipeline({ smoke })
const races = await http({ smoke })
const replaced = await replacing({ smoke })
const grown = growth({ smoke })
const commands = commandLine({ smoke })
if (smoke) console.log('bench: all subjects agree on every workload')
else {
  const engine = page({ decisions, onNode, second: await secondHarness(), pipelines, races, grown, replaced })
  const text = `${engine.trimEnd()}\n\n${commandLineSection(commands)}`
  if (writes) {
    write('performance.md', text)
    write('performance-growth.svg', growthChart(decisions))
    write('performance-pipeline.svg', pipelineChart(pipelines))
  } else console.log(text)
}

function write(name, content) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), content)
}
