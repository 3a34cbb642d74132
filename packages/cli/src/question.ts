/** What `explain` is asked: requests with what their routes add, and the preflights by which browsers announce them. */
import { type CorsRequest, corsRequest, isPreflight, type RouterOptions } from '@safeconduct/core'
import { type Announcement, announcementAnyway, announcementOf } from './announcement.js'
import { type Description, describedRequest } from './described-request.js'
import { Usage } from './exit.js'
import type { Io } from './io.js'
import { pastedRequests } from './paste.js'
import type { PastedRequest } from './pasted-request.js'
import { readPaste } from './text-file.js'
import { withPage } from './unsent-request.js'

export interface QuestionOptions extends Description {
  /** The preflight that announces the method, and nothing else. */
  readonly preflight?: boolean
  readonly requestHeaders?: string
  /** The rule that the route names; false: nobody. */
  readonly rule?: string | boolean
  /** The methods that the router serves at the path; by default the one that is asked for. */
  readonly served?: string
  readonly splitByMethod?: boolean
  /** A file with a curl command or a HAR; `-`: standard input. */
  readonly paste?: string
}

export interface Question {
  readonly request: CorsRequest
  /** The request target. */
  readonly target: string
  /** What a browser sends before the request; absent where it asks nobody, and where `request` is one. */
  readonly preflight?: CorsRequest
  /** What the request was taken for, in words. */
  readonly notes: readonly string[]
}

export interface Questions {
  readonly questions: readonly Question[]
  /** Requests of a HAR file that are no CORS requests, where others are. */
  readonly passedOver: number
}

/** @throws Usage where words, options and paste make no request together. */
export async function questionsOf(
  words: readonly string[],
  options: QuestionOptions,
  router: RouterOptions,
  io: Io,
): Promise<Questions> {
  if (options.paste === undefined) {
    const request = describedRequest(words, options)
    const asks = options.preflight === true || options.requestHeaders !== undefined
    if (asks && request.headers.origin === undefined) throw new Usage('a preflight has an origin; give --origin')
    return {
      questions: [asks ? preflightOf(request, options, router) : described(request, options, router)],
      passedOver: 0,
    }
  }
  refuseUnused(words, options)
  const all = pastedRequests(await readPaste(options.paste, io)).map(withPage)
  const cors = all.filter(({ request }) => request.headers.origin !== undefined)
  if (options.preflight === true && cors.length === 0) throw new Usage('a preflight has an origin; the paste has none')
  const ask = options.preflight === true ? preflightOf : withPreflight
  const asked = cors.length === 0 ? all : cors
  const questions = asked.map(({ request, notes }) => {
    const question = ask(request, options, router)
    return { ...question, notes: [...notes, ...question.notes] }
  })
  return { questions, passedOver: all.length - asked.length }
}

/** What a paste says itself. */
function refuseUnused(words: readonly string[], options: QuestionOptions): void {
  const unused = [
    ...(options.origin === undefined ? [] : ['--origin']),
    ...(options.request === undefined ? [] : ['-X']),
    ...(options.header === undefined ? [] : ['-H']),
    ...(options.requestHeaders === undefined ? [] : ['--request-headers']),
    ...(words.length === 0 ? [] : [`\`${words.join(' ')}\``]),
  ]
  if (unused.length > 0)
    throw new Usage(`--paste does not go with ${unused.join(', ')}: the paste is the whole request`)
}

/** With headers it is a whole request, else one line that asks about one line. */
function described(request: PastedRequest, options: QuestionOptions, router: RouterOptions): Question {
  const isWhole = options.header !== undefined || options.request !== undefined
  return isWhole ? withPreflight(request, options, router) : alone(request, options, router)
}

function alone(request: PastedRequest, options: QuestionOptions, router: RouterOptions): Question {
  return { ...requestOf(request, options, router), notes: [] }
}

function withPreflight(request: PastedRequest, options: QuestionOptions, router: RouterOptions): Question {
  const asked = alone(request, options, router)
  if (asked.request.origin === undefined || request.method === 'OPTIONS') return asked
  const announced = announcementOf(request)
  if (announced === undefined) return asked
  return { ...asked, preflight: announcing(request, announced, options, router).request, notes: notesOn(announced) }
}

function preflightOf(request: PastedRequest, options: QuestionOptions, router: RouterOptions): Question {
  const asked = alone(request, options, router)
  if (isPreflight(asked.request) && options.paste !== undefined) return asked
  const announced = announcementAnyway(request)
  return { ...announcing(request, announced, options, router), notes: notesOn(announced) }
}

function notesOn({ own }: Announcement): readonly string[] {
  const names = `${own.length === 1 ? 'it' : 'them'}: ${own.join(', ')}`
  return own.length === 0 ? [] : [`taken for the browser's own, so the preflight does not ask for ${names}`]
}

type Asked = Pick<Question, 'request' | 'target'>

/** The names that were said to be asked for come before those that the headers make it ask for. */
function announcing(
  { url, method, headers }: PastedRequest,
  { names }: Announcement,
  options: QuestionOptions,
  router: RouterOptions,
): Asked {
  const said = options.requestHeaders ?? headers['access-control-request-headers']
  const list = said ?? (names.length === 0 ? undefined : names.join(','))
  return requestOf(
    {
      method: 'OPTIONS',
      url,
      headers: {
        ...(headers.origin === undefined ? {} : { origin: headers.origin }),
        'access-control-request-method': method,
        ...(list === undefined ? {} : { 'access-control-request-headers': list }),
      },
    },
    options,
    router,
  )
}

/** With what the route adds: the rule that it names, the methods that are served there. */
function requestOf(
  { method, url, headers }: PastedRequest,
  { rule, served, splitByMethod }: QuestionOptions,
  router: RouterOptions,
): Asked {
  const target = withoutFragment(url)
  const request = corsRequest(method, target, headers, router)
  const asked = request.requestMethod ?? request.method
  return {
    target,
    request: {
      ...request,
      ...(typeof rule === 'string' || rule === false ? { rule } : {}),
      servedMethods: served === undefined ? [asked] : served.split(',').flatMap((name) => name.trim() || []),
      ...(splitByMethod === true ? { splitByMethod } : {}),
    },
  }
}

/** What browsers and curl keep for themselves. */
function withoutFragment(url: string): string {
  return /^https?:\/\//i.test(url) ? url.replace(/#.*$/s, '') : url
}
