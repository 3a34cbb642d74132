/** The shape of a suite, judged as that of a policy is. */
import { type DocumentShape, readShape, type ShapeReading } from '../policy/shape.js'
import { suiteWords } from '../suite-sentences.js'
import { keysAt, validateShape } from './shape-validator.generated.js'

const matrix = '#/properties/matrices/items'
const oneCase = '#/properties/cases/items'

const suiteShape: DocumentShape = {
  validate: validateShape,
  keysAt,
  words: suiteWords,
  homes: [
    [`${oneCase}/properties/expect`, '`expect`'],
    [`${oneCase}/properties/fetch`, '`fetch`'],
    [`${oneCase}/properties/request`, '`request`'],
    [`${matrix}/properties/allow/items`, 'an entry of `allow`'],
    [oneCase, 'a case'],
    [matrix, 'a matrix'],
    ['#', 'the suite itself'],
  ],
  foreign: { rules: 'a policy, which is a file of its own' },
}

/** Every fault of shape, and what was read. Never throws. */
export function readSuiteShape(document: unknown): ShapeReading {
  return readShape(document, suiteShape)
}
