/** What failed before anything of it came to a server is fetched again, and nothing else is. */
import assert from 'node:assert/strict'
import { table } from '../support/table.js'
import type { RealPage } from './browser.js'
import { fetchThere } from './pages.js'
import type { Sight, Wish } from './scripts.js'

/** A page that sees these, one batch after the other; and the URLs that it was asked for. */
function pageThatSees(...batches: readonly Sight[][]): { readonly page: RealPage; readonly asked: string[][] } {
  const asked: string[][] = []
  const evaluate = async (_: unknown, wishes: unknown) => {
    asked.push((wishes as readonly Wish[]).map(({ url }) => url))
    return batches[asked.length - 1] ?? assert.fail('asked too often')
  }
  return {
    page: { messages: ['net::ERR_FAILED'], visit: async () => {}, evaluate, close: async () => {} } as RealPage,
    asked,
  }
}

const read: Sight = { status: 200, headers: [], body: '' }
const failed: Sight = { error: 'TypeError: Failed to fetch' }
const there = { url: 'https://there.test' }
const gone = { url: 'https://gone.test' }
const hasCome = ({ url }: Wish) => url === there.url
const origin = 'https://page.test'

table('fetches of a page', [
  [
    'one that never came is fetched once more, and takes its place',
    async () => {
      const { page, asked } = pageThatSees([failed, failed, read], [read])
      const sights = await fetchThere(page, origin, [there, gone, there], hasCome)
      assert.deepEqual(sights, [failed, read, read])
      assert.deepEqual(asked, [[there.url, gone.url, there.url], [gone.url]])
    },
  ],
  [
    'one that came and failed, or was read, is left as it is',
    async () => {
      const { page, asked } = pageThatSees([failed, read])
      assert.deepEqual(await fetchThere(page, origin, [there, gone], hasCome), [failed, read])
      assert.equal(asked.length, 1)
    },
  ],
  [
    'one that never comes fails',
    async () => {
      const { page } = pageThatSees([failed], [failed])
      assert.deepEqual(await fetchThere(page, origin, [gone], hasCome), [failed])
    },
  ],
  [
    'more than a connection carries is no accident, and the console is told',
    async () => {
      const many = Array.from({ length: 17 }, () => gone)
      const { page } = pageThatSees(many.map(() => failed))
      await assert.rejects(fetchThere(page, origin, many, hasCome), /17 of 17 never came: net::ERR_FAILED/)
    },
  ],
])
