/** Steps and a server: who resumes an algorithm that yields wire requests. */
import type { Exchange, Steps, WireRequest, WireResponse } from './wire.js'

type Server<Reply> = (request: WireRequest) => Reply

/** Runs the steps against a server that answers at once, or later. */
export function drive<Result>(steps: Steps<Result>, server: Server<WireResponse>): Result
export function drive<Result>(steps: Steps<Result>, server: Server<PromiseLike<WireResponse>>): Promise<Result>
export function drive<Result>(
  steps: Steps<Result>,
  server: Server<WireResponse | PromiseLike<WireResponse>>,
): Result | Promise<Result>
export function drive<Result>(
  steps: Steps<Result>,
  server: Server<WireResponse | PromiseLike<WireResponse>>,
): Result | Promise<Result> {
  let step = steps.next()
  while (!step.done) {
    const response = server(step.value)
    if (isLater(response)) return finish(steps, response, server)
    step = steps.next(response)
  }
  return step.value
}

async function finish<Result>(
  steps: Steps<Result>,
  first: PromiseLike<WireResponse>,
  server: Server<WireResponse | PromiseLike<WireResponse>>,
): Promise<Result> {
  let step = steps.next(await first)
  while (!step.done) step = steps.next(await server(step.value))
  return step.value
}

function isLater(response: WireResponse | PromiseLike<WireResponse>): response is PromiseLike<WireResponse> {
  return 'then' in response
}

/** The same steps; what goes over the wire is noted. */
export function* recorded<Result>(steps: Steps<Result>, exchanges: Exchange[]): Steps<Result> {
  let step = steps.next()
  while (!step.done) {
    const response = yield step.value
    exchanges.push({ ...step.value, response })
    step = steps.next(response)
  }
  return step.value
}
