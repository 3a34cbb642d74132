/** Exact origins by the number of their text: as a Map finds them, in every version of a table. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type OriginEntry, OriginTable } from '../../../../packages/core/dist/pattern/origin-table.js'
import { holds } from '../../support/holds.js'
import { table } from '../../support/table.js'

interface Entry extends OriginEntry {
  readonly value: number
}

/** Numbers as bad as they come, so that texts crowd: many share one, a few come to one place. */
const hashes: readonly ((text: string) => number)[] = [
  (text) => [...text].reduce((sum, c) => (Math.imul(sum, 31) + c.charCodeAt(0)) | 0, 7),
  (text) => text.length % 3,
  (text) => text.length << 16,
  () => -1,
  // Each at its own place, and all places of a run are taken.
  (text) => Number(/\d+/.exec(text)?.[0] ?? text.length),
]

const entryOf = (hash: (text: string) => number, text: string, value = 0): Entry => ({ text, hash: hash(text), value })
const fresh = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `https://tenant-${i}.example`)

function assertAlike(found: OriginTable<Entry>, twin: ReadonlyMap<string, Entry>, asked: Iterable<string>): void {
  assert.equal(found.size, twin.size)
  for (const text of asked) {
    for (const hash of new Set(hashes.map((of) => of(text)))) {
      const entry = twin.get(text)
      if (entry === undefined || entry.hash === hash) assert.equal(found.get(fresh(text), hash), entry)
    }
  }
}

const text = fc.string({ maxLength: 3 })
const change = fc.record({ remove: fc.array(text, { maxLength: 8 }), add: fc.array(text, { maxLength: 8 }) })

table('a table of origins', [
  ['is empty', () => assert.equal(OriginTable.of<Entry>([]).get('https://a.example', 1), undefined)],
  [
    'finds what it holds and nothing else, however many there are and whatever their numbers',
    () => {
      for (const hash of hashes) {
        for (const count of [1, 2, 3, 255, 256, 257, 1500]) {
          const entries = names(count).map((name, i) => entryOf(hash, name, i))
          const twin = new Map(entries.map((entry) => [entry.text, entry]))
          assertAlike(OriginTable.of(entries), twin, [...names(count + 5), '', 'null'])
        }
      }
    },
  ],
  [
    'takes the last of several entries of one text',
    () => {
      for (const hash of hashes) {
        const entries = [...names(100), ...names(50)].map((name, i) => entryOf(hash, name, i))
        assertAlike(OriginTable.of(entries), new Map(entries.map((entry) => [entry.text, entry])), names(100))
      }
    },
  ],
  [
    'is, changed again and again, what a Map is that is changed likewise; and each version stays as it was',
    () =>
      holds(
        400,
        fc.tuple(fc.constantFrom(...hashes), fc.array(text, { maxLength: 60 }), fc.array(change, { maxLength: 6 })),
        ([hash, first, changes]) => {
          const of = (texts: readonly string[]): Entry[] => [...new Set(texts)].map((each, i) => entryOf(hash, each, i))
          const entries = of(first)
          let now = OriginTable.of(entries)
          let twin = new Map(entries.map((entry) => [entry.text, entry]))
          const versions = [[now, twin] as const]
          for (const { remove, add } of changes) {
            const added = of(add)
            now = now.with(
              remove.map((each) => entryOf(hash, each)),
              added,
            )
            twin = new Map(twin)
            for (const each of remove) twin.delete(each)
            for (const entry of added) twin.set(entry.text, entry)
            versions.push([now, twin])
          }
          const asked = [...first, ...changes.flatMap(({ remove, add }) => [...remove, ...add]), 'abcd']
          for (const [version, same] of versions) assertAlike(version, same, asked)
        },
      ),
  ],
  [
    'grows from one entry to thousands, and back',
    () => {
      const [hash] = hashes as readonly [(typeof hashes)[number]]
      const all = names(3000).map((name, i) => entryOf(hash, name, i))
      let now = OriginTable.of<Entry>([])
      for (let i = 0; i < all.length; i += 150) now = now.with([], all.slice(i, i + 150))
      assertAlike(now, new Map(all.map((entry) => [entry.text, entry])), names(3010))
      for (let i = 0; i < all.length; i += 150) now = now.with(all.slice(i, i + 150), [])
      assertAlike(now, new Map(), names(10))
    },
  ],
  [
    'loses entries and gets others at once, few and so many that it is made anew',
    () => {
      for (const hash of hashes) {
        const all = names(3000).map((name, i) => entryOf(hash, name, i))
        for (const count of [10, 2900]) {
          const now = OriginTable.of(all.slice(0, 100)).with(all.slice(0, 50), all.slice(100, 100 + count))
          const kept = all.slice(50, 100 + count)
          assertAlike(now, new Map(kept.map((entry) => [entry.text, entry])), names(200))
        }
      }
    },
  ],
  [
    'shares with the version before it what did not change',
    () => {
      const [hash] = hashes as readonly [(typeof hashes)[number]]
      const before = OriginTable.of(names(5000).map((name, i) => entryOf(hash, name, i)))
      const after = before.with([], [entryOf(hash, 'https://one-more.example')])
      for (const name of names(5000)) assert.equal(after.get(name, hash(name)), before.get(name, hash(name)))
    },
  ],
])
