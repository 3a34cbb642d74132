/**
 * What the command line costs: whole runs of the program, each a process of its own, against a run that does nothing
 * (`--version`); and the work alone, first in its process, without start and loading of code. `node bench/cli.mjs` prints
 * it; `--smoke` runs everything once and sees that the answers are right.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ratio, spread, withSpread } from './measure.mjs'

const program = fileURLToPath(new URL('../packages/cli/bin/safeconduct.js', import.meta.url))
const commands = new URL('../packages/cli/dist/commands/', import.meta.url)

/** A policy as teams have it: a group that all share, origins and previews of their own, some of it public. */
function policyOf(count, change = (rule) => rule) {
  const rules = Array.from({ length: count }, (_, i) => {
    const own = [`https://team-${i}.example.com`, `https://pr-*.team-${i}.preview.example.net`]
    const allow = [
      {
        origins: ['@web', ...own],
        methods: ['GET', 'POST', 'DELETE'],
        requestHeaders: ['content-type'],
        credentials: true,
      },
      ...(i % 3 === 0 ? [{ origins: ['*'], methods: ['GET'] }] : []),
    ]
    return change({ id: `service-${i}`, paths: [`/api/service-${i}/**`, `/v2/*/service-${i}/**`], allow }, i)
  })
  const origins = { web: ['https://shop.example.com', 'https://admin.example.com'] }
  return JSON.stringify({ version: 1, origins, rules }, null, 2)
}

/** Every 97th service lets anybody change things. */
function widened(rule, i) {
  if (i % 97 !== 3) return rule
  return {
    ...rule,
    allow: [...rule.allow.filter(({ origins }) => origins[0] !== '*'), { origins: ['*'], methods: ['GET', 'PUT'] }],
  }
}

const atExit = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write('\\n' + JSON.stringify(process.resourceUsage())))",
)}`

/** Milliseconds from start to end, and megabytes at the most. */
function whole(folder, args, expected) {
  const start = process.hrtime.bigint()
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', atExit, program, ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  const time = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0 || !expected.test(stdout)) throw new Error(`${args.join(' ')}: ${status} ${stdout}${stderr}`)
  return { time, memory: JSON.parse(stderr.split('\n').at(-1)).maxRSS / 1024 }
}

/** Milliseconds of the work of a command, its code loaded before the clock starts. */
function alone(folder, [verb, ...args]) {
  const source = `
    const { ${verb}Command } = await import('${new URL(`${verb}.js`, commands)}')
    const io = { cwd: ${JSON.stringify(folder)}, env: {}, today: '2026-01-01' }
    const start = process.hrtime.bigint()
    await ${verb}Command(${JSON.stringify(args)}, {}, io)
    console.log(Number(process.hrtime.bigint() - start) / 1e6)`
  return Number(spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' }).stdout)
}

const runs = [
  { name: 'nothing (`--version`)', args: ['--version'], expected: /^\d+\.\d+\.\d+\n$/ },
  { name: '`check`, 10 rules', args: ['check', '10.cors.json'], expected: /1 file: / },
  { name: '`check`, 100 rules', args: ['check', '100.cors.json'], expected: /1 file: / },
  { name: '`check`, 1,000 rules', args: ['check', '1000.cors.json'], expected: /1 file: / },
  {
    name: '`compare`, 1,000 rules',
    args: ['compare', '1000.cors.json', 'new.cors.json'],
    expected: /broader: 11 changes allow more\n$/,
  },
]

/** For each run its time, its ratio to the run of nothing, its work alone, and its memory; each a spread. */
export function commandLine({ smoke = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'safeconduct-bench-'))
  try {
    for (const count of [10, 100, 1000]) writeFileSync(join(folder, `${count}.cors.json`), policyOf(count))
    writeFileSync(join(folder, 'new.cors.json'), policyOf(1000, widened))
    const samples = runs.map(() => ({ time: [], memory: [], work: [] }))
    for (let round = 0; round < (smoke ? 1 : 9); round++) {
      for (const [i, { args, expected }] of runs.entries()) {
        const { time, memory } = whole(folder, args, expected)
        samples[i].time.push(time)
        samples[i].memory.push(memory)
        if (i > 0) samples[i].work.push(alone(folder, args))
      }
    }
    const nothing = spread(samples[0].time)
    return runs.map(({ name }, i) => {
      const { time, memory, work } = samples[i]
      return {
        name,
        time: spread(time),
        ratio: ratio(spread(time), nothing),
        work: work.length === 0 ? undefined : spread(work),
        memory: spread(memory),
      }
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const ms = (value) => `${value.toFixed(0)} ms`
const times = ({ median }) => `${median.toFixed(1)} ×`

/** As a part of the page. */
export function commandLineSection(results) {
  const rows = results.map(({ name, time, ratio: of, work, memory }) => {
    const cells = [
      withSpread(time, ms),
      times(of),
      work === undefined ? '' : withSpread(work, ms),
      `${memory.median.toFixed(0)} MB`,
    ]
    return `| ${[name, ...cells].join(' | ')} |`
  })
  return `## The command line

Whole runs of \`safeconduct\`, each a process of its own, and the work alone: without the start of Node and the loading of code,
but the first of its process, when nothing is warm. The two policies of 1,000 rules differ in eleven.

|  | whole run | of a run that does nothing | work alone | memory |
|---|--:|--:|--:|--:|
${rows.join('\n')}
`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  console.log(commandLineSection(commandLine({ smoke: process.argv.includes('--smoke') })))
}
