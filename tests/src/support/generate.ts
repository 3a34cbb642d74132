/**
 * What the properties are tried on: policies, requests and hostile text, over a vocabulary so small that globs overlap,
 * nest and run into each other all the time.
 */
export { origin, originGlob, path, pathGlob } from './generate/globs.js'
export { hostile } from './generate/hostile.js'
export { policy } from './generate/policies.js'
export { type Inquiry, inquiry } from './generate/requests.js'
export { type Setting, setting, twoRoutes } from './generate/settings.js'
export { type Scene, scene, type Visit } from './generate/visits.js'
