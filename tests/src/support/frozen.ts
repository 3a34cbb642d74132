import assert from 'node:assert/strict'

/** Nothing that the value leads to can be changed. */
export function assertDeeplyFrozen(value: unknown, at = 'value'): void {
  if (typeof value !== 'object' || value === null) return
  assert.ok(Object.isFrozen(value), `${at} is not frozen`)
  for (const [key, inner] of Object.entries(value)) assertDeeplyFrozen(inner, `${at}.${key}`)
}
