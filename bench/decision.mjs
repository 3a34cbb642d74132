/**
 * The decision race: a request's headers are looked at and the response's are set, in process. Before a subject may race it
 * must come to the expected decision.
 */
import { Bench } from 'tinybench'
import { consume, median, race, ratio, spread } from './measure.mjs'
import { headersOf, LightResponse, realResponse } from './response.mjs'
import { decisionAlone, ours, oursBound, rivals } from './subjects.mjs'
import { workloads } from './workloads.mjs'

const light = () => new LightResponse()

function subjectsOf({ config, onlyOurs, byPath }) {
  const own = byPath ? { 'safeconduct, by path': ours } : { safeconduct: oursBound, 'safeconduct, by path': ours }
  const makers = onlyOurs ? own : { ...own, ...rivals }
  return Object.entries(makers).map(([name, make]) => [name, make(config)])
}

/** Allowed: the response shares itself with the origin that asked. What a browser judges by itself is not compared. */
async function agree(workload, name, subject, response) {
  const request = workload.make(3)
  await subject.run(subject.prepare(request, response))
  if (workload.allowed === 'browser') return
  const { origin } = request.headers
  const shared = origin !== undefined && headersOf(response)['access-control-allow-origin'] === origin
  if (shared !== workload.allowed)
    throw new Error(`${name} on "${workload.name}": ${JSON.stringify(headersOf(response))}`)
}

function raced({ run, prepare, awaits }, make, responseFor) {
  return {
    awaits,
    run,
    make: (i) => {
      const request = make(i)
      return prepare(request, responseFor(request))
    },
  }
}

/** One result a workload: what each subject takes, and how many times as long the quickest rival and @fastify/cors do. */
export async function decision({ smoke = false } = {}) {
  const results = []
  for (const workload of workloads) {
    const subjects = {}
    if (!workload.byPath) subjects['decision alone'] = raced(decisionAlone(workload.config), workload.make, light)
    for (const [name, subject] of subjectsOf(workload)) {
      await agree(workload, name, subject, light())
      subjects[name] = raced(subject, workload.make, light)
    }
    if (!smoke) results.push(compared(workload.name, await race(subjects, { rounds: 13, ofBatches: median })))
  }
  return results
}

function compared(name, times) {
  const own = times.get('safeconduct')
  const others = Object.keys(rivals).flatMap((rival) => times.get(rival) ?? [])
  if (own === undefined || others.length === 0) return { name, times }
  const best = others.reduce((a, b) => (a.median <= b.median ? a : b))
  return { name, times, lead: ratio(best, own), leadOverFastify: ratio(times.get('@fastify/cors'), own) }
}

const few = ['1 exact, hot hit', '100 exact, hot hit', 'preflight of 10 request headers']

/** With Node's own response, which checks and keeps what is set. */
export async function decisionOnNode({ smoke = false } = {}) {
  const results = []
  for (const workload of workloads.filter(({ name }) => few.includes(name))) {
    const subjects = {}
    for (const [name, subject] of subjectsOf(workload)) {
      await agree(workload, name, subject, realResponse(workload.make(0)))
      subjects[name] = raced(subject, workload.make, realResponse)
    }
    if (!smoke) results.push(compared(workload.name, await race(subjects, { rounds: 13, ofBatches: median })))
  }
  return results
}

/**
 * The same by tinybench, so that no figure rests on one harness: nanoseconds, and our loop's over its. Both have one subject
 * at a time, at one time, in turns: what the engine made of a rival's code beside others is no harness's doing.
 */
export async function secondHarness() {
  const rows = []
  for (const workload of workloads.filter(({ name }) => few.includes(name))) {
    for (const [name, subject] of subjectsOf(workload)) {
      const subjectOnLight = raced(subject, workload.make, light)
      const own = []
      const other = []
      for (let turn = 0; turn < 5; turn++) {
        own.push((await race({ subject: subjectOnLight }, { rounds: 7, ofBatches: median })).get('subject').median)
        other.push(await byTinybench(subjectOnLight))
      }
      const [ours, nanoseconds] = [spread(own).median, spread(other).median]
      rows.push({ workload: workload.name, name, nanoseconds, ratio: ours / nanoseconds })
    }
  }
  return rows
}

const batch = 200

async function byTinybench({ make, run, awaits }) {
  let inputs = []
  let at = 0
  const beforeEach = () => {
    inputs = Array.from({ length: batch }, () => make(at++))
  }
  const sync = () => {
    for (const input of inputs) consume(run(input))
  }
  const async = async () => {
    for (const input of inputs) consume(await run(input))
  }
  const bench = new Bench({ time: 60, warmupTime: 20 })
  bench.add('subject', awaits ? async : sync, { beforeEach })
  await bench.run()
  const { result } = bench.tasks[0]
  return (result.latency.p50 * 1e6) / batch
}
