/** The tables of docs/suites.md have every field of the schema, and the failure that it shows is what is thrown. */
import assert from 'node:assert/strict'
import { compilePolicy } from '@safeconduct/core'
import { suiteTests } from '@safeconduct/core/suite'
import { parsePolicy, parseSuite } from '@safeconduct/core/text'
import { parsePage } from '../support/page.js'
import { read } from '../support/sources.js'
import { table } from '../support/table.js'

const file = 'docs/suites.md'
const page = read(file)
const { blocks } = parsePage(file, page)
const { $defs } = JSON.parse(read('schemas/suite.v1.schema.json'))

/** What stands in backticks in the first cells of the table below a heading. */
function fieldsBelow(heading: string): string[] {
  const [, section = ''] = page.split(`${heading}\n`)
  const [lines = ''] = section.split('\n\n## ')
  return [...lines.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
}

const keys = (definition: string): string[] => Object.keys($defs[definition].properties)
const ofRoute = ['rule', 'servedMethods']

function textOf(name: string): string {
  return blocks.find(({ words }) => words.includes(name))?.text ?? assert.fail(`${name} is not printed`)
}

table('the page of suites', [
  [
    'has every field of a matrix',
    () =>
      assert.deepEqual(
        fieldsBelow('## Matrices').sort(),
        [...keys('matrix'), ...keys('cells').map((key) => `allow[].${key}`)].sort(),
      ),
  ],
  [
    'has every field of requests, fetches and expectations',
    () => {
      const wanted = [...keys('request'), ...keys('fetch'), ...keys('expectation')].filter(
        (key) => !ofRoute.includes(key),
      )
      assert.deepEqual([...new Set(fieldsBelow('## Cases'))].sort(), [...new Set([...wanted, 'rule'])].sort())
    },
  ],
  [
    'shows what a failing matrix says',
    () => {
      const policy = compilePolicy(
        parsePolicy(textOf('shop.cors.yaml').replace('[GET, DELETE]', '[GET, POST, DELETE]')),
      )
      const suite = parseSuite(textOf('shop.cors.test.yaml'), { file: 'shop.cors.test.yaml' })
      const [first] = suiteTests(policy, suite)
      const shown =
        blocks
          .find(({ language }) => language === 'text')
          ?.text.split('\n')
          .filter((line) => line !== '  …') ?? []
      assert.throws(
        () => first?.[1](),
        ({ message }: Error) => shown.length > 4 && shown.every((line) => message.includes(line)),
      )
    },
  ],
])
