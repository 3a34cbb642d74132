/** `safeconduct schema`: the published schemas, for editors and other tools. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

export const schemas = ['policy', 'suite', 'report'] as const

export type SchemaName = (typeof schemas)[number]

/** The text of the JSON Schema (draft 2020-12). */
export async function schemaText(name: SchemaName): Promise<string> {
  return readFile(createRequire(import.meta.url).resolve(`@safeconduct/schemas/${name}.v1.schema.json`), 'utf8')
}
