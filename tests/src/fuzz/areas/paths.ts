/** Request targets: the canonical path is the router's, its own canonical path, and none where others could misread it. */
import assert from 'node:assert/strict'
import { canonicalPath, corsRequest, type RouterOptions } from '@safeconduct/core'
import fc from 'fast-check'
import { isCanonicalPath } from '../../../../packages/core/dist/web/path.js'
import { decodedWholly, foldedAsRouted, isAmbiguous, routersPath } from '../../support/by-router.js'
import { hostile, path } from '../../support/generate.js'
import { area } from '../area.js'
import { editedText } from '../edits.js'
import { targets } from '../seeds.js'

interface Input {
  readonly url: string
  readonly options: RouterOptions
}

export const paths = area<Input>({
  name: 'paths',
  about: 'a canonical path is what the router takes the target for',
  inputs: fc.record({
    url: fc.oneof(
      editedText(fc.constantFrom(...targets)),
      hostile,
      hostile.map((text) => `/${text}`),
      editedText(path),
    ),
    options: fc.record(
      {
        caseSensitive: fc.boolean(),
        ignoreTrailingSlash: fc.boolean(),
        ignoreDuplicateSlashes: fc.boolean(),
        useSemicolonDelimiter: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  }),
  check: ({ url, options }) => {
    const canonical = canonicalPath(url, options)
    assert.equal(corsRequest('GET', url, {}, options).path, canonical)
    assert.equal(isCanonicalPath(url), canonicalPath(url) === url)
    if (url.length > 8000) return
    const routers = routersPath(url, options)
    if (canonical === undefined) {
      const isForm = /^(\/|https?:\/\/(h|a\.example|\[::1\])(:\d+)?([/?]|$))/i.test(url)
      assert.ok(routers === undefined || isAmbiguous(routers) || !isForm, `refused; the router's is ${routers}`)
      return
    }
    assert.equal(canonicalPath(canonical), canonical)
    assert.ok(isCanonicalPath(canonical))
    if (routers === undefined) assert.ok(!url.startsWith('/'), 'the router has none')
    else assert.equal(decodedWholly(canonical), foldedAsRouted(routers, options))
    if (!(options.ignoreTrailingSlash && canonical.length > 1 && canonical.endsWith('/'))) {
      assert.equal(canonicalPath(canonical, options), canonical)
    }
  },
})
