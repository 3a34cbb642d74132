/** What compiling costs as a policy grows, and what importing core adds to a bare node process. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { spread } from './measure.mjs'

/** Each measurement has a process of its own, so that none profits from another's warm code. */
function inProcess(source) {
  const args = ['--expose-gc', '--input-type=module', '--eval', source]
  const options = { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }
  return JSON.parse(execFileSync(process.execPath, args, options))
}

const compiling = (count) => `
  import { compilePolicy, withOrigins } from '@safeconduct/core'
  const origins = Array.from({ length: ${count} }, (_, i) => 'https://tenant-' + i + '.example.com')
  const rules = [{ id: 'a', paths: ['/**'], allow: [{ origins }] }]
  const open = { version: 1, origins: { tenants: { external: true } }, rules: [{ id: 'a', paths: ['/**'], allow: [{ origins: ['@tenants'] }] }] }
  gc()
  const heap = process.memoryUsage().heapUsed
  let start = process.hrtime.bigint()
  globalThis.policy = compilePolicy({ version: 1, rules })
  const time = Number(process.hrtime.bigint() - start)
  gc()
  const kept = process.memoryUsage().heapUsed - heap
  const all = withOrigins(compilePolicy(open), 'tenants', origins)
  start = process.hrtime.bigint()
  withOrigins(all, 'tenants', [...origins, 'https://one-more.example.com'])
  console.log(JSON.stringify({ time, kept, more: Number(process.hrtime.bigint() - start) }))`

const tenRules = `
  const start = process.hrtime.bigint()
  const { compilePolicy } = await import('@safeconduct/core')
  const rules = Array.from({ length: 10 }, (_, i) => ({ id: 'r' + i, paths: ['/api/r' + i + '/**'], allow: [{ origins: ['https://a.example.com'] }] }))
  compilePolicy({ version: 1, rules })
  console.log(JSON.stringify({ time: Number(process.hrtime.bigint() - start) }))`

export function growth({ smoke = false } = {}) {
  const repeated = (source) => Array.from({ length: smoke ? 1 : 7 }, () => inProcess(source))
  const sizes = (smoke ? [10] : [10, 1_000, 100_000]).map((count) => {
    const runs = repeated(compiling(count))
    const of = (what) => spread(runs.map((run) => run[what]))
    return { count, time: of('time'), kept: of('kept'), more: of('more') }
  })
  return { sizes, coldStart: spread(repeated(tenRules).map(({ time }) => time)) }
}
