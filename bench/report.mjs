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

const raced = ['safeconduct', 'cors', '@fastify/cors', 'hono/cors', '@koa/cors']

const cell = (spread) => (spread === undefined ? '' : ns(spread.median))

function decisionTable(results) {
  const rows = results.map(({ name, times: of, lead, leadOverFastify }) => [
    name,
    ...raced.map((subject) => cell(of.get(subject))),
    lead ? withSpread(lead, times) : '',
    leadOverFastify ? times(leadOverFastify.median) : '',
  ])
  const heads = ['', ...raced, 'lead over the quickest rival', 'over @fastify/cors']
  return table([heads, ...rows.filter((row) => row[1] !== '')])
}

const parts = ['decision alone', 'safeconduct', 'safeconduct, by path']

function partsTable(results) {
  const rows = results.map(({ name, times: of }) => [name, ...parts.map((part) => cell(of.get(part)))])
  return table([['', 'decision alone', 'and its headers', 'and its path'], ...rows])
}

/** `"0.45 [0.42 to 0.47]"`, of what `interval` made. */
function share({ median, low, high }) {
  return `${median.toFixed(2)} [${low.toFixed(2)} to ${high.toFixed(2)}]`
}

const percent = (value) => `${(100 * value).toFixed(0)} %`

function pipelineTable(results) {
  const names = ['safeconduct', 'the headers alone', '@fastify/cors']
  const rows = results.map(({ size, kind, added, ofRival, ofHeaders }) => [
    `${kind}, ${size} allowed`,
    ...names.map((name) => ns(added.get(name).median)),
    share(ofRival),
    share(ofHeaders),
  ])
  return table([['', ...names, 'ours of @fastify/cors', 'ours of the headers alone'], ...rows])
}

/** What the noise is, and what requests allocate. */
function pipelineNotes(results) {
  const noise = results.map(({ added }) => added.get('no plugin again').median)
  const empty = results.map(({ added }) => added.get('an empty hook').median)
  const range = (values) => `${ns(Math.min(...values))} to ${ns(Math.max(...values))}`
  const bytes = ({ kind, size, bytes: of }) =>
    `${kind}, ${size}: ${of.get('safeconduct').toFixed(0)} and ${of.get('@fastify/cors').toFixed(0)}`
  return `A request without a plugin takes ${range(results.map(({ bare }) => bare))}; a second server without one reads ${range(noise)}
over the first, and a hook that does nothing ${range(empty)}. Bytes that safeconduct and @fastify/cors allocate for a request:
${results.map(bytes).join('; ')}.`
}

function httpTable(results) {
  const rows = results.map(({ size, kind, bare, added, share: of, rates }) => [
    `${kind}, ${size} allowed`,
    `${bare.toFixed(0)} µs`,
    ...['safeconduct', '@fastify/cors'].map((name) => withSpread(added.get(name), percent)),
    share(of),
    [...rates.values()].map((rate) => (rate / 1000).toFixed(1)).join(', '),
  ])
  const heads = [
    '',
    'no plugin',
    'safeconduct adds',
    '@fastify/cors adds',
    'ours of theirs',
    'thousand requests a second',
  ]
  return table([heads, ...rows])
}

function replaceTable(rows) {
  const cells = rows.map(({ mode, late, latest, replaced }) => [
    mode,
    milliseconds(late.median),
    milliseconds(latest.median),
    replaced.samples.length === 0 ? '' : withSpread(replaced),
  ])
  return table([['the policy is', '99 of 100 requests within', 'the slowest', 'a replacement takes'], ...cells])
}

const milliseconds = (value) => (value < 1 ? 'less than 1 ms' : `${value.toFixed(0)} ms`)

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

function losses(decisions, onNode, pipelines, races) {
  const lost = [
    ...decisions.map((result) => ({ ...result, where: '' })),
    ...onNode.map((result) => ({ ...result, where: ', on a response of Node' })),
  ].filter(({ lead }) => lead !== undefined && lead.median < 1)
  const slower = [
    ...pipelines.map(({ kind, size, ofRival }) => ({ where: `${kind}, ${size} allowed, in Fastify`, of: ofRival })),
    ...races.map(({ kind, size, share: of }) => ({ where: `${kind}, ${size} allowed, over HTTP`, of })),
  ].filter(({ of }) => of.median > 1)
  const lines = [
    ...lost.map(
      ({ name, where, lead }) => `${name}${where}: the quickest rival takes ${lead.median.toFixed(2)} of our time`,
    ),
    ...slower.map(({ where, of }) => `${where}: we add ${of.median.toFixed(2)} of what @fastify/cors adds`),
  ]
  return lines.length === 0 ? 'Nowhere in this run.' : lines.map((line) => `- ${line}`).join('\n')
}

export function page({ decisions, onNode, second, pipelines, races, grown, replaced }) {
  const versions = Object.entries(devDependencies)
    .map((pair) => pair.join(' '))
    .join(', ')
  const apart = second.filter(({ ratio }) => ratio > 1.25 || ratio < 0.8)
  const rows = second.map((row) => [row.workload, row.name, ns(row.nanoseconds), row.ratio.toFixed(2)])
  return `# Performance

Made by \`npm run bench -- --write\`; do not edit. Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'};
${versions}. Medians, with the middle half of the rounds in brackets where nothing else is said. Subjects take turns, in one process where they can;
only the ratios are to be quoted, for the machine does other things too.

## Where we lose

${losses(decisions, onNode, pipelines, races)}

Beyond the rivals: many different origins under one policy of 100,000 (\`spread hits\`) are slow for the processor's cache, not for
the index; and decisions on origins that match a glob are made anew unless the origin came lately.

## A decision, its headers set on a light stand-in of a response

On a route whose rule is known, as the plugin has it. The rivals have lists of strings or of regular expressions. hono and koa
are asynchronous, and are awaited. They reflect whatever headers a preflight asks for, and leave it to the browser.

${decisionTable(decisions)}

Ours in parts: the decision alone, with its headers set, and with the path made canonical and looked up as well, which no rival
does.

${partsTable(decisions)}

## The same on a response of Node

${decisionTable(onNode)}

## By another harness

tinybench, on the light stand-in, one subject at a time; the ratio is that of our loop's figure, taken likewise, to its figure. What\nthe race above shows of a rival may be otherwise: the engine makes other code of it in other company, most of all of what is\nquick (\`@fastify/cors\` at one origin). ${apart.length === 0 ? 'They agree within 25 %.' : `${apart.length} of ${second.length} are more than 25 % apart.`}

${table([['', 'subject', 'tinybench', 'ratio'], ...rows])}

## What a plugin adds to a request of Fastify

![What each plugin adds to a request, by kind of request](performance-pipeline.svg)

Requests go into the server's listener without a socket, each server with a copy of Fastify of its own. Medians of the
difference to no plugin in the same round; in brackets the 95 % interval of a bootstrap over five processes and their rounds.
\`the headers alone\` is a hook that sets the same headers and decides nothing. Collecting garbage is not in the figures.

${pipelineTable(pipelines)}

${pipelineNotes(pipelines)}

## Over HTTP

Processor time of the server for a request on loopback, over that of the server without a plugin, with 95 % intervals. Each
server is a process of its own, and they take turns in short rounds. Requests a second are in the order no plugin,
@fastify/cors, safeconduct, and say more of the client, which shares the machine.

${httpTable(races)}

## Growth

![A decision and its headers by the number of allowed origins](performance-growth.svg)

${growthTable(grown)}

## A policy replaced under load

A policy of 1,000 rules on a server of 1,000 routes, another one put in force every 100 ms, 500 requests a second. A document is
compiled, checked and proved on the server's own thread; a policy that was compiled elsewhere is only bound to the routes.

${replaceTable(replaced)}
`
}
