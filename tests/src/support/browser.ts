/** The model of the browser's side, which is the oracle of the suites; it is proved in `core/browser/`. */
export * from '@safeconduct/core/browser'
