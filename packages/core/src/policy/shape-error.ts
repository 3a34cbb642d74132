/** What the compiled schema says. The generated validator and its only caller meet in these types. */

export interface ShapeError {
  /** JSON Pointer into the document. */
  readonly instancePath: string
  /** Place in the schema, its keyword last. */
  readonly schemaPath: string
  readonly keyword: string
  readonly params: Readonly<Record<string, unknown>>
  /** Where the name of a property is at fault. */
  readonly propertyName?: string
}

export interface ShapeValidator {
  (document: unknown): boolean
  /** Of the last call. */
  readonly errors?: readonly ShapeError[] | null
}
