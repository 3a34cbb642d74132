/** What compiling costs as a policy grows, and what importing core adds to a bare node process. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ns, spread, table } from './measure.mjs'

/** Each measurement has a process of its own, so that none profits from another's warm code. */
function inProcess(source) {
  const args = ['--expose-gc', '--input-type=module', '--eval', source]
  return JSON.parse(
    execFileSync(process.execPath, args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }),
  )
}

const compiling = (count) => `
  import { compilePolicy } from '@safeconduct/core'
  const origins = Array.from({ length: ${count} }, (_, i) => 'https://tenant-' + i + '.example.com')
  const document = { version: 1, rules: [{ id: 'a', paths: ['/**'], allow: [{ origins }] }] }
  gc()
  const heap = process.memoryUsage().heapUsed
  const start = process.hrtime.bigint()
  globalThis.policy = compilePolicy(document)
  const time = Number(process.hrtime.bigint() - start)
  gc()
  console.log(JSON.stringify({ time, heap: process.memoryUsage().heapUsed - heap }))`

const tenRules = `
  const start = process.hrtime.bigint()
  const { compilePolicy } = await import('@safeconduct/core')
  const rules = Array.from({ length: 10 }, (_, i) => ({ id: 'r' + i, paths: ['/api/r' + i + '/**'], allow: [{ origins: ['https://a.example.com'] }] }))
  compilePolicy({ version: 1, rules })
  console.log(JSON.stringify({ time: Number(process.hrtime.bigint() - start) }))`

export function growth({ smoke = false } = {}) {
  const runs = smoke ? 1 : 7
  const repeated = (source) => Array.from({ length: runs }, () => inProcess(source))
  const rows = [['exact origins', 'compile', 'spread', 'kept memory']]
  for (const count of smoke ? [10] : [10, 1_000, 100_000]) {
    const results = repeated(compiling(count))
    const { median, low, high } = spread(results.map((r) => r.time))
    const heap = spread(results.map((r) => r.heap)).median
    rows.push([count, ns(median), `${ns(low)} to ${ns(high)}`, `${(heap / 1e6).toFixed(1)} MB`])
  }
  table('Compiling, first in its process', rows)
  const start = spread(repeated(tenRules).map((r) => r.time))
  table('Cold start', [['import core and compile 10 rules', ns(start.median), `${ns(start.low)} to ${ns(start.high)}`]])
}
