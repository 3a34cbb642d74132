/** A matrix: each cell is asked with and without credentials, as an actual request and as the preflight that announces it. */
import { isAllowed } from '../evaluate/decision.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledPolicy } from '../policy/policy.js'
import { canonicalPath } from '../web/path.js'
import { decide, routeOf } from './answer.js'
import { askedByCell } from './asked.js'
import type { MatrixDocument } from './document.js'
import { noSuchRule } from './expectation.js'
import { fullReason, plainReason } from './reason.js'
import type { CheckResult } from './result.js'

type Cell = 'refused' | 'allowed' | 'allowed with credentials'

export function checkMatrix(policy: CompiledPolicy, matrix: MatrixDocument): CheckResult[] {
  return matrix.origins.flatMap((origin) =>
    matrix.paths.flatMap((path) => matrix.methods.map((method) => checkCell(policy, matrix, { origin, path, method }))),
  )
}

interface Place {
  readonly origin: string
  readonly path: string
  readonly method: string
}

function checkCell(policy: CompiledPolicy, matrix: MatrixDocument, { origin, path, method }: Place): CheckResult {
  const target = { path: canonicalPath(path, policy.router), origin, ...routeOf(matrix) }
  const asks: readonly CorsRequest[] = [
    { ...target, method: 'OPTIONS', requestMethod: method },
    { ...target, method },
  ]
  const decided = asks.map((request) => decide(policy, request))
  const refused = decided.find(({ decision }) => !isAllowed(decision))
  const told = refused ?? decided.at(-1)
  if (told === undefined) throw new Error('a cell is asked about')
  const shares = decided.every(({ decision }) => decision.headers['access-control-allow-credentials'] === 'true')
  const actual: Cell = refused ? 'refused' : shares ? 'allowed with credentials' : 'allowed'
  const expected = expectedIn(matrix, { origin, path, method })
  const mismatch = told.decision.reason === 'unknown-rule' ? noSuchRule : { field: 'cell', expected, actual }
  const passed = mismatch.expected === mismatch.actual
  return {
    asked: askedByCell(method, path, origin),
    passed,
    mismatches: passed ? [] : [mismatch],
    explanation: passed ? plainReason(told) : fullReason(policy, told),
    requests: asks,
  }
}

/** Of several entries that list a cell, the most generous counts. */
function expectedIn({ allow }: MatrixDocument, { origin, path, method }: Place): Cell {
  const lists = (list: readonly string[] | undefined, text: string): boolean =>
    list === undefined || list.includes(text)
  const entries = allow.filter(
    ({ origins, paths, methods }) => origins.includes(origin) && lists(paths, path) && lists(methods, method),
  )
  if (entries.length === 0) return 'refused'
  return entries.some(({ credentials }) => credentials === true) ? 'allowed with credentials' : 'allowed'
}
