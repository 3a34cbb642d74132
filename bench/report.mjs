/** The results as a page: Markdown, where we lose first. */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { ns, withSpread } from './measure.mjs'

/** They are pinned. */
const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

function table(rows) {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |`)
  return [head, `|${rows[0].map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`, ...body].join('\n')
}

const times = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ×`

const columns = [
  'decision alone',
  'safeconduct',
  'safeconduct, by path',
  'cors',
  '@fastify/cors',
  'hono/cors',
  '@koa/cors',
]

function decisionTable(results, shown = columns) {
  const cell = (spread) => (spread === undefined ? '' : ns(spread.median))
  const rows = results.map(({ name, times: of, lead, leadOverFastify }) => [
    name,
    ...shown.map((column) => cell(of.get(column))),
    lead ? withSpread(lead, times) : '',
    leadOverFastify ? times(leadOverFastify.median) : '',
  ])
  return table([['', ...shown, 'lead over the quickest rival', 'over @fastify/cors'], ...rows])
}

function pipelineTable(results) {
  const names = ['no plugin again', 'an empty hook', 'the headers alone', '@fastify/cors', 'safeconduct']
  const rows = results.map(({ size, kind, bare, added }) => {
    const over = (name) => (added.has(name) ? added.get('safeconduct').median / added.get(name).median : undefined)
    const share = (name) => over(name)?.toFixed(2) ?? ''
    const cells = names.map((name) => (added.has(name) ? withSpread(added.get(name)) : ''))
    return [`${kind}, ${size} allowed`, ns(bare.median), ...cells, share('@fastify/cors'), share('the headers alone')]
  })
  return table([['', 'no plugin', ...names, 'of @fastify/cors', 'of the headers alone'], ...rows])
}

function growthTable({ origins, rules, coldStart }) {
  const megabytes = (kept) => `${(kept.median / 1e6).toFixed(1)} MB`
  const byOrigins = origins.map(({ count, time, kept, supplied, added, listed }) => [
    count,
    withSpread(time),
    megabytes(kept),
    ...[supplied, added, listed].map((each) => withSpread(each)),
  ])
  const heads = ['exact origins', 'compile, first in its process', 'memory kept', 'supplied by `withOrigins`']
  const more = ['one more, by `{ add }`', 'one more, by the whole list']
  const byRules = rules.map(({ count, time, kept }) => [count, withSpread(time), megabytes(kept)])
  return `${table([[...heads, ...more], ...byOrigins])}

${table([['rules of one origin', ...heads.slice(1, 3)], ...byRules])}

Importing core and compiling ten rules, over a bare process: ${withSpread(coldStart)}.`
}

function losses(decisions, onNode) {
  const lost = [
    ...decisions.map((result) => ({ ...result, where: '' })),
    ...onNode.map((result) => ({ ...result, where: ', on a response of Node' })),
  ].filter(({ lead }) => lead !== undefined && lead.median < 1)
  if (lost.length === 0) return 'Nowhere in this run.'
  return lost
    .map(({ name, where, lead }) => `- ${name}${where}: the quickest rival takes ${lead.median.toFixed(2)} of our time`)
    .join('\n')
}

export function page({ decisions, onNode, second, pipelines, grown }) {
  const versions = Object.entries(devDependencies)
    .map((pair) => pair.join(' '))
    .join(', ')
  const apart = second.filter(({ ratio }) => ratio > 1.25 || ratio < 0.8)
  const rows = second.map((row) => [row.workload, row.name, ns(row.nanoseconds), row.ratio.toFixed(2)])
  return `# Performance

Made by \`npm run bench -- --write\`; do not edit. Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'};
${versions}. Medians, with the middle half of the rounds in brackets. Subjects take turns in one process; only the ratios are to
be quoted, for the machine does other things too.

## Where we lose

${losses(decisions, onNode)}

Beyond the rivals: many different origins under one policy of 100,000 (\`spread hits\`) are slow for the processor's cache, not for
the index; and decisions on origins that match a glob are made anew unless the origin came lately.

## A decision, its headers set on a light stand-in of a response

\`decision alone\` and \`safeconduct\`: on a route whose rule is known, as the plugin has it; \`by path\`: the path is made
canonical and looked up for each request, which no rival does. The rivals have lists of strings or of regular expressions. hono
and koa are asynchronous, and are awaited. They reflect whatever headers a preflight asks for, and leave it to the browser.

${decisionTable(decisions)}

## The same on a response of Node

${decisionTable(
  onNode,
  columns.filter((column) => column !== 'decision alone'),
)}

## By another harness

tinybench, on the light stand-in; the ratio is that of our loop's figure to its figure. ${apart.length === 0 ? 'They agree within 25 %.' : `${apart.length} of ${second.length} are more than 25 % apart.`}

${table([['', 'subject', 'tinybench', 'ratio'], ...rows])}

## What a plugin adds to a request of Fastify

Requests go into the server's listener without a socket. The difference to no plugin in the same round; \`no plugin again\` shows
what noise looks like. \`the headers alone\` is a hook that sets the same headers and decides nothing.

${pipelineTable(pipelines)}

## Growth

${growthTable(grown)}
`
}
