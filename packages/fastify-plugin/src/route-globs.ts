// Route patterns → path globs of the policy's dialect: the canonical paths by which the router can come to a route.
//
//     /orders/:id          → /orders/*  and  /orders/          a parameter may be empty
//     /files/:name.:ext    → /files/*   and  /files/           more than the route takes: never less
//     /assets/*            → /assets/*/**  and  /assets//**
//
// What the dialect cannot say is said with too much. Then a route may stay unbound although one rule decides all of it,
// and every request is decided by its path; never is it bound to a rule that does not decide some of it.

import type { RouterOptions } from '@safeconduct/core'

/** A pattern with an optional last parameter stands for two (find-my-way, "optional parameters"). */
export function writtenOut(pattern: string): readonly string[] {
  const optional = /^(.*?\/:[^/()?]*)\?(\/?)$/.exec(pattern)
  if (optional === null) return [pattern]
  const [, full = '', slash = ''] = optional
  return [full + slash, full.slice(0, full.lastIndexOf('/')) + slash || '/']
}

/** Whether every request for the pattern has the same path, and the pattern spells it. */
export function isFixed(pattern: string): boolean {
  return /^\/[\w.~@,&=+/-]*$/.test(pattern)
}

/** More alternatives than this are not worth the time of the analysis. */
const mostGlobs = 16

/** Precondition: `pattern` is one of `writtenOut`. */
export function routeGlobs(pattern: string, router: RouterOptions): readonly string[] {
  const globs = unfoldedGlobs(pattern, router.caseSensitive !== false)
  if (router.ignoreTrailingSlash !== true) return globs
  // Globs are folded as paths are, by one slash: "/orders//" comes to "/orders/:id" as "/orders/".
  return [...globs, ...globs.filter((glob) => glob.endsWith('/') && glob !== '/').map((glob) => `${glob}/`)]
}

function unfoldedGlobs(pattern: string, caseSensitive: boolean): readonly string[] {
  // The router's parameters are cut from the path as it came, but placed in its lower-case form: where that is longer or
  // shorter, it takes paths that its pattern does not spell. Only a letter beyond ASCII does that.
  const isOdd = !caseSensitive && [...pattern].some((character) => character > '\u007f')
  if (isOdd || !pattern.startsWith('/')) return ['/**']
  const expression = pattern.indexOf('(')
  // A regular expression may hold anything, slashes too.
  const known = expression === -1 ? pattern : pattern.slice(0, pattern.lastIndexOf('/', expression))
  let globs: readonly string[] = ['']
  for (const segment of known === '' ? [] : known.slice(1).split('/')) {
    const words = segmentWords(segment)
    if (globs.length * words.length > mostGlobs) return globs.map((glob) => shortened(`${glob}/**`))
    globs = globs.flatMap((glob) => words.map((word) => `${glob}/${word}`))
  }
  return expression === -1 ? globs.map(shortened) : globs.map((glob) => shortened(`${glob}/**`))
}

/** The dialect takes 2,048 characters; a slash may come to them. */
const longestGlob = 2047

function shortened(glob: string): string {
  return glob.length <= longestGlob ? glob : `${glob.slice(0, glob.lastIndexOf('/', longestGlob - 3))}/**`
}

/** The words that match every segment this one can match; the last segment may reach over more. */
function segmentWords(segment: string): readonly string[] {
  const colon = parameterStart(segment)
  // Behind a colon a star belongs to the parameter's name; the router lets none stand before one.
  if (colon === -1) {
    const star = segment.indexOf('*')
    return star === -1 ? [literalWord(segment)] : restWords(literalWord(segment.slice(0, star)))
  }
  const prefix = literalWord(segment.slice(0, colon))
  if (prefix === '') return ['*', '']
  return [prefix === '*' ? '*' : `${prefix}*`]
}

/** What follows a wildcard in the last segment: anything, slashes too. */
function restWords(prefix: string): readonly string[] {
  if (prefix === '') return ['*/**', '/**']
  return [prefix === '*' ? '*/**' : `${prefix}*/**`]
}

/** Where the first parameter of a segment starts; two colons are one as text. */
function parameterStart(segment: string): number {
  for (let i = segment.indexOf(':'); i !== -1; i = segment.indexOf(':', i + 2)) {
    if (segment[i + 1] !== ':') return i
  }
  return -1
}

/** Text of a pattern as the canonical path has it; `*` where the dialect gives its characters a meaning. */
function literalWord(text: string): string {
  const word = text.replaceAll('::', ':').replaceAll('%', '%25')
  return word === '' || speakable.test(word) ? word : '*'
}

/** Neither a dot segment, nor what looks like a parameter, nor a character of any pattern language. */
const speakable = /^(?!\.{1,2}$)(?!:)(?:[\w.~@:,;&=+'-]|%25|[\u00a1-\ud7ff])+$/
