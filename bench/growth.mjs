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

/** Of the rules: how long it takes, and what is held of it. */
const compiled = `
  gc()
  const heap = process.memoryUsage().heapUsed
  const begun = process.hrtime.bigint()
  globalThis.policy = compilePolicy({ version: 1, rules })
  const time = Number(process.hrtime.bigint() - begun)
  gc()
  const kept = process.memoryUsage().heapUsed - heap`

const compilingOrigins = (count) => `
  import { compilePolicy, withOrigins } from '@safeconduct/core'
  const origins = Array.from({ length: ${count} }, (_, i) => 'https://tenant-' + i + '.example.com')
  const rules = [{ id: 'a', paths: ['/**'], allow: [{ origins }] }]
  const open = { version: 1, origins: { tenants: { external: true } }, rules: [{ id: 'a', paths: ['/**'], allow: [{ origins: ['@tenants'] }] }] }
  ${compiled}
  let start = process.hrtime.bigint()
  let all = withOrigins(compilePolicy(open), 'tenants', origins)
  const supplied = Number(process.hrtime.bigint() - start)
  const more = (i, change) => {
    start = process.hrtime.bigint()
    all = withOrigins(all, 'tenants', change('https://one-more-' + i + '.example.com'))
    return Number(process.hrtime.bigint() - start)
  }
  const median = (change) => Array.from({ length: 15 }, (_, i) => more(i, change)).sort((a, b) => a - b)[7]
  const added = median((origin) => ({ add: [origin] }))
  const listed = median((origin) => [...origins, origin])
  console.log(JSON.stringify({ time, kept, supplied, added, listed }))`

const compilingRules = (count) => `
  import { compilePolicy } from '@safeconduct/core'
  const rules = Array.from({ length: ${count} }, (_, i) => ({
    id: 'r' + i, paths: ['/api/r' + i + '/**'], allow: [{ origins: ['https://t' + i + '.example.com'] }],
  }))
  ${compiled}
  console.log(JSON.stringify({ time, kept }))`

const tenRules = `
  const start = process.hrtime.bigint()
  const { compilePolicy } = await import('@safeconduct/core')
  const rules = Array.from({ length: 10 }, (_, i) => ({ id: 'r' + i, paths: ['/api/r' + i + '/**'], allow: [{ origins: ['https://a.example.com'] }] }))
  compilePolicy({ version: 1, rules })
  console.log(JSON.stringify({ time: Number(process.hrtime.bigint() - start) }))`

export function growth({ smoke = false } = {}) {
  const repeated = (source, times) => Array.from({ length: smoke ? 1 : times }, () => inProcess(source))
  const sized = (source, times, fields) => {
    return (smoke ? [10] : [10, 1_000, 100_000]).map((count) => {
      const runs = repeated(source(count), count > 1_000 ? Math.ceil(times / 2) : times)
      return { count, ...Object.fromEntries(fields.map((field) => [field, spread(runs.map((run) => run[field]))])) }
    })
  }
  return {
    origins: sized(compilingOrigins, 7, ['time', 'kept', 'supplied', 'added', 'listed']),
    rules: sized(compilingRules, 5, ['time', 'kept']),
    coldStart: spread(repeated(tenRules, 7).map(({ time }) => time)),
  }
}
