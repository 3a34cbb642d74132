/** Stands in for `tests/src/support/table.ts` in the copy: the rows are handed to the worker, which runs them one by one. */
const tables = []
globalThis.safeconductTables = tables

export function table(name, rows, hooks = {}) {
  tables.push({ name, rows: [...rows], hooks })
}

/** What a machine lacks is not there for a mutant either. */
export function skipTable() {}
