/**
 * Writes the `shape-validator.generated.ts` of core: the published schemas of policies and of suites, compiled by ajv
 * ahead of time, so that nothing is made from strings at run time.
 *
 * A published schema is tighter than what is compiled here. Its patterns for origins, paths, methods, header names and
 * ages are for editors, and so are its alternatives; `checkPolicy` and `checkSuite` judge those by their meaning and say
 * more about them than that a pattern was missed. So of these definitions only the type is compiled, and repeated
 * origins of a policy are left to the check as well.
 *
 * References are written out, since the schema is a tree. One function comes of it, in which a place in the schema
 * names one kind of object, and which can stop: ajv goes on for as long as there are errors, and a hostile document of
 * a few megabytes has millions of them, each of which ajv would keep.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv2020 } from 'ajv/dist/2020.js'

const standaloneCode = createRequire(import.meta.url)('ajv/dist/standalone').default

/** Definitions and keywords that are judged by meaning. */
const judgedByMeaning = {
  policy: ['originGlob', 'grantOrigin', 'pathGlob', 'method', 'headerName', 'age'],
  suite: ['origin', 'path', 'method', 'headerName', 'ruleName', 'oneOf'],
}
const annotations = ['$schema', '$id', '$comment', '$defs', 'title', 'description', 'examples', 'default']
const errorLimit = 1000

for (const kind of Object.keys(judgedByMeaning)) {
  const source = `schemas/${kind}.v1.schema.json`
  const text = validator(
    source,
    JSON.parse(readFileSync(new URL(`../${source}`, import.meta.url), 'utf8')),
    judgedByMeaning[kind],
  )
  writeFileSync(new URL(`../packages/core/src/${kind}/shape-validator.generated.ts`, import.meta.url), text)
}

/** The module that judges documents by a published schema. */
function validator(source, published, meaning) {
  const schema = compiled(published, published, meaning)
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    messages: false,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true, lines: true },
  })
  const code = standaloneCode(ajv, ajv.compile(schema))
  const functions = [...code.matchAll(/^function (validate\d+)\(/gm)].map(([, name]) => name)
  if (functions.length !== 1) throw new Error(`one function was expected, not ${functions.length}`)
  const [name] = functions
  const counts = code.match(/^errors\+\+;$/gm) ?? []
  if (counts.length !== (code.match(/vErrors\.push\(/g) ?? []).length)
    throw new Error('ajv counts its errors otherwise now')
  const body = code
    .replace(/^"use strict";\n?/, '')
    .replace(/^export (?:const|default) .*\n/gm, '')
    .replaceAll(/^errors\+\+;$/gm, `if (++errors >= ${errorLimit}) { ${name}.errors = vErrors; return false }`)
  for (const banned of [/\brequire\(/, /\beval\(/, /\bFunction\(/, /\bexport\b/, /\berrors\+\+/])
    if (banned.test(body)) throw new Error(`the validator has ${banned}`)
  return `// @ts-nocheck: machine-made JavaScript; what it exports is typed.
/** ${source}, compiled by ajv (scripts/generate-validator.mjs). */
import type { ShapeValidator } from '../policy/shape-error.js'

/** It stops at this many errors. */
export const errorLimit: number = ${errorLimit}

/** The keys that an object may have, by its place in the schema. */
export const keysAt: Readonly<Record<string, readonly string[]>> = ${JSON.stringify(keysIn(schema, '#', {}), null, 2)}

${body.trim()}

export const validateShape: ShapeValidator = ${name}
`
}

/** A schema as it is compiled: references written out, annotations and what is judged by meaning left out. */
function compiled(schema, published, meaning) {
  if (schema === null || typeof schema !== 'object') return schema
  const below = (part) => compiled(part, published, meaning)
  if (Array.isArray(schema)) return schema.map(below)
  if (schema.$ref !== undefined) return definition(schema.$ref, published, meaning)
  const rest = Object.entries(schema).filter(
    ([keyword]) => !annotations.includes(keyword) && !meaning.includes(keyword),
  )
  const out = Object.fromEntries(rest.map(([k, v]) => [k, k === 'properties' ? properties(v, below) : below(v)]))
  if (/#\/\$defs\/(?:originGlob|grantOrigin)$/.test(schema.items?.$ref)) delete out.uniqueItems
  return out
}

/** The names of properties are no keywords: one is called `$schema`. */
function properties(schemas, below) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, below(schema)]))
}

function definition(reference, published, meaning) {
  const name = reference.replace('#/$defs/', '')
  const schema = published.$defs[name]
  if (schema === undefined) throw new Error(`${reference} leads nowhere`)
  if (!meaning.includes(name)) return compiled(schema, published, meaning)
  // JSON has one kind of number, and how much of it is an age is a matter of meaning too.
  return { type: [schema.type].flat().map((type) => (type === 'integer' ? 'number' : type)) }
}

/** The keys of every object, by the object's place in the compiled schema. */
function keysIn(schema, place, found) {
  if (schema === null || typeof schema !== 'object') return found
  if (schema.additionalProperties === false) found[place] = Object.keys(schema.properties)
  for (const [name, below] of Object.entries(schema)) keysIn(below, `${place}/${name}`, found)
  return found
}
