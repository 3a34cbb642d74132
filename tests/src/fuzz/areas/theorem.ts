/** The theorem: a script reads a response if and only if the policy allows its request, whatever was asked before. */

import { chromium156, type Deviations, standard } from '@safeconduct/core/browser'
import fc from 'fast-check'
import { type Scene, scene, twoRoutes } from '../../support/generate.js'
import { play, routesOf } from '../../support/theorem.js'
import { area } from '../area.js'
import { loads } from '../loads.js'

interface Input {
  readonly scene: Scene
  readonly debug: boolean
  /** By which the routes of one URL name rules; none: paths decide. */
  readonly routes: readonly number[]
  readonly browser: 'standard' | 'chromium'
}

const routes = fc.oneof(fc.constant([]), fc.array(fc.nat(7), { minLength: 1, maxLength: 11 }))
const browsers: Readonly<Record<Input['browser'], Deviations>> = { standard, chromium: chromium156 }

export const theorem = area<Input>({
  name: 'theorem',
  about: 'a script reads a response if and only if the policy allows its request',
  inputs: fc.record({
    scene: fc.oneof({ weight: 4, arbitrary: scene(40) }, { weight: 1, arbitrary: scene(40, twoRoutes) }),
    debug: fc.boolean(),
    routes,
    browser: fc.constantFrom<Input['browser']>('standard', 'chromium'),
  }),
  check: ({ scene: each, debug, routes: numbers, browser }) => {
    if (!loads(each.document, { tenants: each.external.tenants })) return
    play(each, {
      deviations: browsers[browser],
      debug,
      ...(numbers.length === 0 ? {} : { ruleOf: routesOf(each.document, numbers) }),
    })
  },
})
