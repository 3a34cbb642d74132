/** The formats that a report can be put in, each brought in when it is asked for. */
import type { Report } from './report.js'

export const formats = ['text', 'json', 'sarif', 'github', 'junit', 'markdown', 'tap'] as const

export type Format = (typeof formats)[number]

export async function formatted(report: Report, format: Format, colour: boolean): Promise<string> {
  switch (format) {
    case 'text':
      return (await import('./text.js')).text(report, colour)
    case 'json':
      return (await import('./json.js')).json(report)
    case 'sarif':
      return (await import('./sarif.js')).sarif(report)
    case 'github':
      return (await import('./github.js')).github(report)
    case 'junit':
      return (await import('./junit.js')).junit(report)
    case 'markdown':
      return (await import('./markdown.js')).markdown(report)
    case 'tap':
      return (await import('./tap.js')).tap(report)
  }
}
