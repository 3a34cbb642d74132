/** Documents: the check is total and tells all; what compiles is printed, compiled and decided as its twin reads it. */
import assert from 'node:assert/strict'
import {
  checkPolicy,
  compilePolicy,
  type Diagnostic,
  evaluate,
  type Policy,
  type PolicyDocument,
  PolicyError,
  printPolicy,
  withOrigins,
} from '@safeconduct/core'
import { explain, lint } from '@safeconduct/core/analysis'
import fc from 'fast-check'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { policy } from '../../support/generate.js'
import { area } from '../area.js'
import { editedJson, type Json } from '../edits.js'
import { origins, policies } from '../seeds.js'

interface Input {
  readonly document: Json
  readonly members: readonly string[]
  readonly origin: string
}

const anyOrigin = fc.constantFrom(...origins)

export const documents = area<Input>({
  name: 'documents',
  about: 'a document has errors or compiles, and then means what it says',
  inputs: fc.record({
    document: editedJson(fc.oneof(fc.constantFrom(...policies), policy)),
    members: fc.array(anyOrigin, { maxLength: 3 }),
    origin: anyOrigin,
  }),
  check: ({ document, members, origin }) => {
    const before = JSON.stringify(document)
    const found = checkPolicy(document)
    for (const each of found) assertTold(each, document)
    const errors = found.filter(({ severity }) => severity === 'error')
    const compiled = compiledOrErrors(document as unknown as PolicyDocument)
    assert.equal(JSON.stringify(document), before, 'the document was changed')
    if (Array.isArray(compiled)) {
      assert.deepEqual(
        compiled.filter(({ severity }) => severity === 'error').map(({ message }) => message),
        errors.map(({ message }) => message),
      )
      return
    }
    assert.deepEqual(errors, [], 'compiles in spite of errors')
    for (const each of lint(document as unknown as PolicyDocument)) assertTold(each, document)
    assertPrints(compiled as Policy)
    assertTakes(compiled as Policy, members, origin)
  },
})

function compiledOrErrors(document: PolicyDocument): Policy | readonly Diagnostic[] {
  try {
    return compilePolicy(document)
  } catch (thrown) {
    if (thrown instanceof PolicyError) return thrown.diagnostics
    throw thrown
  }
}

/** A pointer leads to a value, or to the place of one that is missing. */
function assertTold({ code, message, pointer }: Diagnostic, document: Json): void {
  assert.ok(message.length > 0 && !/[\r\n]/.test(message), `${code}: not one line: ${JSON.stringify(message)}`)
  const tokens = pointer.split('/').slice(1)
  let value: unknown = document
  for (const [i, token] of tokens.entries()) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    assert.ok(isThere || i === tokens.length - 1, `${code} points to nothing: ${pointer}`)
    value = isThere ? (value as Record<string, unknown>)[key] : undefined
  }
}

function assertPrints(compiled: Policy): void {
  const printed = printPolicy(compiled)
  const again = compilePolicy(printed)
  assert.deepEqual(printPolicy(again), printed)
  for (const rule of ['', ...printed.rules.map(({ id }) => id)]) {
    for (const method of ['GET', 'OPTIONS']) {
      const request = { method, path: '/', origin: 'https://a.example', requestMethod: 'PUT', rule }
      assert.deepEqual(evaluate(again, request), evaluate(compiled, request))
    }
  }
}

/** External groups take origins or tell which not; the old policy stays as it was, and every step of a decision is told. */
function assertTakes(compiled: Policy, members: readonly string[], origin: string): void {
  const groups = Object.entries(printPolicy(compiled).origins ?? {}).filter(([, group]) => 'external' in group)
  const ask = (policy: Policy) =>
    compiled.rules.map(({ id }) => evaluate(policy, { method: 'GET', path: '/', origin, rule: id }))
  const before = ask(compiled)
  for (const [name] of groups) {
    try {
      const policy = withOrigins(compiled, name, members)
      for (const decision of ask(policy)) assertDeeplyFrozen(decision)
    } catch (thrown) {
      if (!(thrown instanceof PolicyError)) throw thrown
    }
  }
  assert.deepEqual(ask(compiled), before)
  for (const { id } of compiled.rules) {
    const request = { method: 'GET', path: '/', origin, rule: id }
    assert.deepEqual(explain(compiled, request).decision, evaluate(compiled, request))
  }
}
