/** The console of README: run on its own policy, it prints what is printed. */
import { openPlace } from '../support/command.js'
import { consoleRow, nameOf } from '../support/console-block.js'
import { parsePage } from '../support/page.js'
import { read } from '../support/sources.js'
import { table } from '../support/table.js'

const { blocks } = parsePage('README.md', read('README.md'))
const policy = blocks.find((block) => nameOf(block) === 'shop.cors.yaml')
const place = openPlace({ 'shop.cors.yaml': `${policy?.text}\n` })

table(
  'the console of README',
  blocks.filter(({ language }) => language === 'console').map((block) => consoleRow(place, block)),
  { after: () => place.close() },
)
