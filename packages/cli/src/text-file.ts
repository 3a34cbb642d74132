/** Texts from files and standard input, never more of one than is wanted. */
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { CannotRun } from './exit.js'
import type { Io } from './io.js'

/** Of policies and suites; `parsePolicy` refuses larger ones. */
const mostOfDocument = 4 << 20
/** Of a HAR file. */
const mostOfPaste = 64 << 20

/** A file as it was read, with the name that it goes by. */
export interface TextFile {
  readonly file: string
  readonly text: string
}

/**
 * A policy or a suite. Of a larger one just so much that whoever parses it sees that it is too large.
 *
 * @throws CannotRun with the reason, in words.
 */
export async function readDocument(file: string, io: Io): Promise<TextFile> {
  const { bytes, isWhole } = await read(streamOf(file, io), mostOfDocument, file)
  return { file, text: isWhole ? decoded(bytes, file) : bytes.toString('latin1') }
}

/** A pasted request; `-`: standard input. @throws CannotRun with the reason, in words. */
export async function readPaste(file: string, io: Io): Promise<string> {
  const name = file === '-' ? 'standard input' : file
  const { bytes, isWhole } = await read(file === '-' ? io.stdin : streamOf(file, io), mostOfPaste, name)
  if (!isWhole) throw new CannotRun(`${name} has more than ${mostOfPaste >> 20} MiB; paste fewer requests`)
  return decoded(bytes, name)
}

function streamOf(file: string, io: Io): AsyncIterable<Uint8Array> {
  return createReadStream(resolve(io.cwd, file))
}

interface Bytes {
  readonly bytes: Buffer
  /** False: there were more. */
  readonly isWhole: boolean
}

async function read(stream: AsyncIterable<Uint8Array>, most: number, name: string): Promise<Bytes> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      chunks.push(chunk)
      size += chunk.length
      if (size > most) return { bytes: Buffer.concat(chunks), isWhole: false }
    }
  } catch (error) {
    throw new CannotRun(unreadable(name, error))
  }
  return { bytes: Buffer.concat(chunks), isWhole: true }
}

const reasons: Readonly<Record<string, (name: string) => string>> = {
  ENOENT: (name) => `there is no file ${name}`,
  ENOTDIR: (name) => `there is no file ${name}`,
  EISDIR: (name) => `${name} is a folder`,
  EACCES: (name) => `${name} may not be read: permission denied`,
}

export function unreadable(name: string, error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return reasons[code]?.(name) ?? `cannot read ${name}: ${error instanceof Error ? error.message : String(error)}`
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    // The byte order mark stays: fixes are put back behind it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new CannotRun(`${name} is not UTF-8`)
  }
}
