/**
 * What a file of tests can leave behind in its process, where another file would meet it: an exit code, a folder, variables,
 * listeners, open servers and timers, globals, and patches of the language's own objects. What modules keep is not seen here.
 */

/** By name. Two of them are compared with `changes`. */
export function traces() {
  const seen = new Map([
    ['exit code', process.exitCode],
    ['folder', process.cwd()],
    ['open', process.getActiveResourcesInfo().sort().join()],
  ])
  for (const [name, value] of Object.entries(process.env)) seen.set(`env.${name}`, value)
  // Importing uvu adds an exit listener; what such a one does is done after all has been reported.
  for (const event of process.eventNames().filter((e) => e !== 'exit'))
    seen.set(`listeners.${String(event)}`, process.listenerCount(event))
  for (const [name, value] of own(globalThis, '')) {
    seen.set(name, value)
    for (const [inner, method] of methods(value, name)) seen.set(inner, method)
    for (const [inner, method] of methods(value?.prototype, `${name}.prototype`)) seen.set(inner, method)
  }
  for (const stream of ['stdout', 'stderr']) {
    for (const [name, method] of methods(process[stream], `process.${stream}`)) seen.set(name, method)
  }
  return seen
}

/** The names of all that is not as it was. */
export function changes(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => !Object.is(before.get(name), after.get(name)),
  )
}

/** Own properties. Getters are called on the global object only, where they stand for what Node loads at first use. */
function own(object, path) {
  return Object.getOwnPropertyNames(object).map((key) => {
    const { get, value } = Object.getOwnPropertyDescriptor(object, key)
    return [`${path}.${key}`, object === globalThis ? object[key] : (get ?? value)]
  })
}

function methods(object, path) {
  if (object === globalThis || object === null || !['object', 'function'].includes(typeof object)) return []
  return own(object, path).filter(([, value]) => typeof value === 'function')
}
