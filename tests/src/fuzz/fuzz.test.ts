/** A little of the fuzzing on every day; the rows that were found by it; and that it finds a mistake and can say so. */
import assert from 'node:assert/strict'
import { type Decision, evaluate } from '@safeconduct/core'
import fc from 'fast-check'
import { parseCorpusFile, policyOf, requestOf } from '../support/corpus.js'
import { least, trials } from '../support/holds.js'
import { type Row, table } from '../support/table.js'
import { type Area, area } from './area.js'
import { requests } from './areas/requests.js'
import { areas } from './areas.js'
import { editedText } from './edits.js'
import { type Fuzzed, failureOf, fuzz, report } from './fuzz.js'
import { parseInputs, readInputs } from './inputs.js'
import { reduced } from './reduce.js'

for (const { topic, about, rows } of readInputs()) {
  table(
    `inputs, ${topic}: ${about}`,
    rows.map(({ name, area: of, input }): Row => {
      const check = (): void => {
        const found = areas.find((each) => each.name === of)
        assert.ok(found !== undefined, `no such area: ${of}`)
        assert.equal(failureOf(found, input)?.why, undefined)
      }
      return [name, check]
    }),
  )
}

table('a little fuzzing', [
  ...areas.map(
    (each): Row => [
      `${each.name}: ${each.about}`,
      () => {
        const { findings, tallies } = fuzz([each], { seed: 20_261_123, batch: trials(16), rounds: 1 })
        assert.deepEqual(
          findings.map(({ text }) => text),
          [],
        )
        assert.ok((tallies[0]?.runs ?? 0) > least(16), JSON.stringify(tallies))
      },
    ],
  ),
])

/** A mistake that CORS implementations have made: a refused origin is reflected. */
function reflecting(...asked: Parameters<typeof evaluate>): Decision {
  const decision = evaluate(...asked)
  const [, { origin }] = asked
  if (decision.kind !== 'actual' || decision.reason !== 'origin-not-allowed' || origin === undefined) return decision
  return Object.freeze({ ...decision, headers: Object.freeze({ 'access-control-allow-origin': origin }) })
}

/** Up to the first finding. */
function fuzzed(one: Area): Fuzzed {
  let found = false
  return fuzz([one], {
    seed: 1,
    isTimeUp: () => found,
    onFinding: () => {
      found = true
    },
  })
}

function busy(ms: number): void {
  for (const start = performance.now(); performance.now() - start < ms; );
}

table('a planted mistake', [
  [
    'is found, made small, and printed as rows that fail with it and pass without',
    () => {
      const [finding] = fuzzed(requests(reflecting)).findings
      assert.ok(finding !== undefined, 'not found')
      const lines = finding.text.split('\n')
      const row = lines[lines.indexOf('a row of tests/corpus/inputs/:') + 1] ?? ''
      const { rows } = parseInputs('found', JSON.stringify({ about: 'x', rows: [JSON.parse(row)] }))
      assert.notEqual(failureOf(requests(reflecting), rows[0]?.input), undefined)
      assert.equal(failureOf(requests(), rows[0]?.input), undefined)
      const json = lines.slice(lines.findIndex((line) => line.startsWith('a file of tests/corpus/')) + 1).join('\n')
      const file = parseCorpusFile('found', json)
      assert.deepEqual([file.policy.rules.length, file.cases.length], [1, 1], json)
      for (const each of file.cases) {
        assert.deepEqual(evaluate(policyOf(file), requestOf(file, each), { debug: each.debug === true }), each.decision)
        assert.notDeepEqual(reflecting(policyOf(file), requestOf(file, each)), each.decision)
      }
    },
  ],
  [
    'is told once, with the number of inputs that were tried',
    () => {
      const never = area<number>({ name: 'never', about: '', inputs: fc.nat(), check: () => assert.fail('never') })
      const result = fuzz([never], { seed: 1, rounds: 5 })
      assert.match(report(result).at(-1) ?? '', /^\d+ inputs, 1 findings; \d+ MB are held/)
    },
  ],
  [
    'of time is one too, and so is what is thrown and no error',
    () => {
      const slow = area<string>({ name: 'slow', about: '', inputs: fc.string(), check: () => busy(20) })
      assert.match(failureOf(slow, '', 10)?.why ?? '', /^takes \d+ ms$/)
      assert.equal(failureOf(slow, ''), undefined)
      const odd = area<string>({
        name: 'odd',
        about: '',
        inputs: fc.string(),
        check: () => {
          throw 'odd'
        },
      })
      assert.deepEqual(failureOf(odd, ''), { why: "'odd'", where: 'no error' })
    },
  ],
  [
    'in text is cut down to what it takes',
    () => {
      const fails = (input: unknown): boolean => JSON.stringify(input).includes('{a')
      assert.deepEqual(reduced({ text: 'xx{abc}', list: [1, { a: 'y' }] }, fails), { text: '{a' })
    },
  ],
  [
    'the same seed tries the same',
    () => {
      const some = (seed: number): readonly string[] => fc.sample(editedText(fc.constant('abc')), { seed, numRuns: 20 })
      assert.deepEqual(some(3), some(3))
      assert.notDeepEqual(some(3), some(4))
    },
  ],
])
