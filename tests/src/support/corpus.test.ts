import assert from 'node:assert/strict'
import { parseCorpusFile, readCorpus } from './corpus.js'
import { table } from './table.js'

const decision = { kind: 'actual', allowed: false, reason: 'no-rule', headers: {}, vary: [] }
const one = { name: 'a case', request: { method: 'GET', url: '/', headers: { origin: ['a', 'b'] } }, decision }
const file = { about: 'a topic', policy: {}, cases: [one] }

function rejects(sentence: string, value: unknown, message: RegExp): [string, () => void] {
  return [sentence, () => assert.throws(() => parseCorpusFile('topic', JSON.stringify(value)), message)]
}

table('the reading of the corpus', [
  [
    'a file with all its parts',
    () => assert.deepEqual(parseCorpusFile('topic', JSON.stringify(file)), { topic: 'topic', ...file }),
  ],
  rejects('a key too many in the file', { ...file, policies: [] }, /topic: unknown key "policies"/),
  rejects(
    'a key too many in a case',
    { ...file, cases: [{ ...one, read: true }] },
    /topic\/cases\/0: unknown key "read"/,
  ),
  rejects(
    'a key too many in a request',
    { ...file, cases: [{ ...one, request: { ...one.request, path: '/' } }] },
    /unknown key "path"/,
  ),
  rejects('a key too few', { about: 'a topic', policy: {} }, /topic: cases is missing/),
  rejects(
    'a decision of another kind',
    { ...file, cases: [{ ...one, decision: { ...decision, kind: 'other' } }] },
    /actual expected/,
  ),
  rejects(
    'an actual request with a status',
    { ...file, cases: [{ ...one, decision: { ...decision, status: 204 } }] },
    /unknown key "status"/,
  ),
  rejects(
    'an unknown option of the router',
    { ...file, router: { caseSensitve: false } },
    /topic\/router: unknown key/,
  ),
  rejects(
    'a header that is no text',
    { ...file, cases: [{ ...one, request: { ...one.request, headers: { a: 1 } } }] },
    /a string expected/,
  ),
  rejects('no cases', { ...file, cases: [] }, /topic: no cases/),
  rejects('two cases of one name', { ...file, cases: [one, one] }, /two cases are named "a case"/),
  rejects('no object', [], /topic: an object expected/),
  [
    'the corpus holds at least 600 cases in 22 topics, and half of them say what a script reads',
    () => {
      const files = readCorpus()
      const cases = files.flatMap((each) => each.cases)
      assert.ok(files.length >= 22 && cases.length >= 600, `${files.length} topics, ${cases.length} cases`)
      assert.ok(cases.filter(({ reads }) => reads !== undefined).length >= 300)
    },
  ],
])
