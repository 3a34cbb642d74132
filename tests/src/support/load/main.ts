/**
 * npm run load -- --minutes 3 [--connections 16]: a server on the loopback, its policy replaced every 100 ms.
 *
 * Exits with 1 if a request failed, an answer was wrong, a malformed policy was taken, or the memory grew.
 */
import { commandLine } from '../../../../scripts/command-line.mjs'
import { growth, load, mostGrowth } from './load.js'

const values = commandLine(import.meta.url, {
  minutes: { type: 'string', default: '1' },
  connections: { type: 'string', default: '16' },
})
const report = await load({ seconds: Number(values.minutes) * 60, connections: Number(values.connections) })
const { heap, failed, wrong, misjudged, latency, ...counts } = report
const mebibytes = (bytes = 0): string => `${(bytes / 1024 / 1024).toFixed(2)} MiB`
console.log({
  ...counts,
  'answers a second': Math.round(report.answers / report.seconds),
  'latency, ms: median, p99, most': latency.map((ms) => ms.toFixed(1)).join(', '),
  'heap of the server, collected: first, last': [heap[0], heap.at(-1)].map(mebibytes).join(', '),
  growth: `${mebibytes(growth(report))}, at most ${mebibytes(mostGrowth)}`,
  failed: failed.length,
  wrong: wrong.length,
  misjudged: misjudged.length,
})
const complaints = [...failed, ...wrong, ...misjudged]
for (const complaint of complaints) console.log(complaint)
process.exitCode = complaints.length === 0 && growth(report) <= mostGrowth && report.answers > 0 ? 0 : 1
