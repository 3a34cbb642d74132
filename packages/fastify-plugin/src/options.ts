/** The options of the plugin, and their check. Strict: an unknown option is an error, for it may be a policy misread. */
import { type Policy, type PolicyDocument, quote } from '@safeconduct/core'
import type { LogLevel } from 'fastify'
import { closestMatch } from 'leven'
import { SafeconductError } from './error.js'

/** A path or a `file:` URL of a policy in JSON, JSONC or YAML, a document, or a compiled policy. */
export type PolicySource = string | URL | PolicyDocument | Policy

export interface SafeconductOptions {
  /** Required: there is no default policy. A path is relative to the working directory. */
  policy: PolicySource
  /**
   * `'respond'` (default) answers preflights. `'continue'` hands an allowed preflight on to the application's own OPTIONS
   * route, whose answer gets the headers; a refused one is still answered with 403.
   */
  preflight?: 'respond' | 'continue'
  /**
   * `'all'` (default) puts the decision's headers on every response. `'preflight'` answers preflights only: something
   * else, a proxy for instance, writes the headers of the actual responses.
   */
  attach?: 'all' | 'preflight'
  /**
   * Lets the browser name the reason of a refused preflight. It tells the policy's methods and header names to any allowed
   * origin. Default false.
   */
  debug?: boolean
  /** Level of what the plugin logs; by default that of the application. Refused requests are told at `debug`. */
  logLevel?: LogLevel
}

/** The options with their defaults filled in. */
export interface CheckedOptions {
  readonly policy: PolicySource
  readonly preflight: 'respond' | 'continue'
  readonly attach: 'all' | 'preflight'
  readonly debug: boolean
  readonly logLevel: string | undefined
}

const known: readonly string[] = ['policy', 'preflight', 'attach', 'debug', 'logLevel']

/** Throws at the first fault. */
export function checkOptions(options: unknown): CheckedOptions {
  const given: Readonly<Record<string, unknown>> =
    typeof options === 'object' && options !== null
      ? { ...options }
      : refuse('the options are no object; give `policy`')
  const unknown = Object.keys(given).find((key) => !known.includes(key))
  if (unknown !== undefined) refuse(unknownSentence(unknown))
  return {
    policy: policyOption(given.policy),
    preflight: oneOf('preflight', given.preflight, ['respond', 'continue']),
    attach: oneOf('attach', given.attach, ['all', 'preflight']),
    debug: oneOf('debug', given.debug, [false, true]),
    logLevel: logLevelOption(given.logLevel),
  }
}

function policyOption(policy: unknown): PolicySource {
  if (policy === undefined) refuse('option `policy` is missing: a path, a file URL, a document or a compiled policy')
  if (policy === '' || (typeof policy !== 'string' && (typeof policy !== 'object' || policy === null))) {
    refuse('option `policy` is none; give a path, a file URL, a document or a compiled policy')
  }
  return policy as PolicySource
}

/** The first value is the default. */
function oneOf<T extends string | boolean>(name: string, value: unknown, values: readonly [T, ...T[]]): T {
  if (value === undefined) return values[0]
  const found = values.find((v) => v === value)
  return (
    found ?? refuse(`option \`${name}\` is ${shown(value)}; give ${values.map((v) => JSON.stringify(v)).join(' or ')}`)
  )
}

function logLevelOption(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  return refuse(`option \`logLevel\` is ${shown(value)}; give the name of a level`)
}

/** What the options of @fastify/cors say, a policy says. */
const saidByPolicy: ReadonlySet<string> = new Set(
  'origin origins methods allowedHeaders exposedHeaders credentials maxAge optionsSuccessStatus rules version'.split(
    ' ',
  ),
)

function unknownSentence(key: string): string {
  if (saidByPolicy.has(key)) return `unknown option ${quote(key)}; that is said in the policy: option \`policy\``
  const near = closestMatch(key, known, { maxDistance: Math.min(3, Math.ceil(key.length / 3)) })
  const cure = near === undefined ? `the options are ${known.join(', ')}` : `did you mean ${quote(near)}?`
  return `unknown option ${quote(key)}; ${cure}`
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quote(value) : `of type ${value === null ? 'null' : typeof value}`
}

function refuse(message: string): never {
  throw new SafeconductError('SAFECONDUCT_OPTION', `safeconduct: ${message}`)
}
