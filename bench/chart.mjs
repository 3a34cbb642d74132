/**
 * The charts of `docs/performance.md`, as SVG: the same figures give the same bytes. No font, no script and nothing else comes
 * from outside; where a reader's page is dark, so are the charts.
 */
import { init } from 'echarts'

/** By light and dark ground; a chart is drawn in the first and restyled for the second. */
const inks = { text: ['#1f2328', '#e6edf3'], line: ['#d0d7de', '#3d444d'] }
const hues = [
  ['#0550ae', '#79c0ff'],
  ['#bc4c00', '#ffa657'],
  ['#1a7f37', '#7ee787'],
  ['#8250df', '#d2a8ff'],
  ['#57606a', '#afb8c1'],
]

const text = { color: inks.text[0], fontFamily: 'system-ui, sans-serif', fontSize: 13 }
const axis = {
  nameTextStyle: text,
  axisLabel: text,
  axisLine: { lineStyle: { color: inks.line[0] } },
  splitLine: { lineStyle: { color: inks.line[0] } },
}

function drawn(option, { width = 760, height = 420 } = {}) {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  chart.setOption({ animation: false, color: hues.map(([light]) => light), textStyle: text, ...option })
  const svg = chart.renderToSVGString({ useViewBox: true })
  chart.dispose()
  return restyled(svg, option.title.text)
}

function restyled(svg, name) {
  const rules = [...Object.values(inks), ...hues].flatMap(([light, dark]) =>
    ['fill', 'stroke'].map((what) => `[${what}="${light}" i]{${what}:${dark}}`),
  )
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`
  // What it has for a pointer is numbered by the process, and no use to a picture.
  const still = svg
    .replace(/ class="zr[^"]*"| pointer-events="visible"/g, '')
    .replace(/<style ?>[\s\S]*?<\/style>\n?/g, '')
    .replaceAll(/\bzr\d+-/g, '')
  const title = `<title>${name}</title>`
  return `${still.replace(/(<svg[^>]*>)/, `$1\n${title}\n${style}`)}\n`
}

const digits = (value) => Number(value.toPrecision(3))

function nanoseconds(value) {
  if (value < 1e3) return `${value} ns`
  return value < 1e6 ? `${value / 1e3} µs` : `${value / 1e6} ms`
}

const growing = /^(\d+) exact, hot hit$/

/** A decision with its headers, as the number of allowed origins grows: `decisions` of the decision race. */
export function growthChart(decisions) {
  const sizes = decisions.flatMap(({ name, times }) => {
    const count = growing.exec(name)?.[1]
    return count === undefined ? [] : [{ count: Number(count), times }]
  })
  const names = ['safeconduct', '@fastify/cors', 'cors', 'hono/cors', '@koa/cors']
  const series = names.map((name) => ({
    name,
    type: 'line',
    symbol: 'circle',
    symbolSize: 7,
    lineStyle: { width: name === 'safeconduct' ? 3 : 1.5 },
    data: sizes.flatMap(({ count, times }) => (times.has(name) ? [[count, digits(times.get(name).median)]] : [])),
  }))
  return drawn({
    title: {
      text: 'A decision and its headers, by allowed origins',
      left: 'center',
      textStyle: { ...text, fontSize: 15 },
    },
    legend: { top: 40, textStyle: text, itemGap: 18 },
    grid: { left: 78, right: 30, top: 84, bottom: 52 },
    xAxis: { type: 'log', name: 'allowed origins', nameLocation: 'middle', nameGap: 32, ...axis },
    yAxis: { type: 'log', ...axis, axisLabel: { ...text, formatter: nanoseconds } },
    series,
  })
}

/** What each adds to a request in Fastify, at the most origins that were raced: `pipelines` of the pipeline race. */
export function pipelineChart(pipelines) {
  const size = Math.max(...pipelines.map((row) => row.size))
  const rows = pipelines.filter((row) => row.size === size)
  const names = ['safeconduct', 'the headers alone', '@fastify/cors']
  const hueOf = { safeconduct: hues[0], 'the headers alone': hues[4], '@fastify/cors': hues[1] }
  const series = names.map((name) => ({
    name,
    type: 'bar',
    color: hueOf[name][0],
    label: { show: true, position: 'top', formatter: ({ value }) => nanoseconds(value), ...text, fontSize: 11 },
    data: rows.map(({ added }) => digits(Math.max(0, added.get(name).median))),
  }))
  return drawn({
    title: {
      text: `What is added to a request in Fastify, ${size} allowed origins`,
      left: 'center',
      textStyle: { ...text, fontSize: 15 },
    },
    legend: { top: 40, textStyle: text, itemGap: 18 },
    grid: { left: 78, right: 30, top: 84, bottom: 34 },
    xAxis: { type: 'category', data: rows.map(({ kind }) => kind), ...axis },
    yAxis: { type: 'value', ...axis, axisLabel: { ...text, formatter: nanoseconds } },
    series,
  })
}
