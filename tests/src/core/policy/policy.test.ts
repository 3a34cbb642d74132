import assert from 'node:assert/strict'
import { compilePolicy, foldPolicy, isPolicy, type PolicyDocument } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

const document: PolicyDocument = { version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [] }] }

table('isPolicy', [
  ['a compiled policy is one', () => assert.ok(isPolicy(compilePolicy(document)))],
  ['and so is a folded one', () => assert.ok(isPolicy(foldPolicy(compilePolicy(document), { caseSensitive: false })))],
  ...[document, null, undefined, '', 'rulesById', 1, [], {}, { rulesById: {} }].map(
    (value): Row => [`${JSON.stringify(value)} is none`, () => assert.ok(!isPolicy(value))],
  ),
])
