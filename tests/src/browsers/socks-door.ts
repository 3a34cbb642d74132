/**
 * A SOCKS 5 proxy (RFC 1928) that leads to the tests alone: a browser that has it for its proxy asks it for every name
 * and every port, and resolves none itself. So a page may have any origin without a privileged port or a hosts file, and
 * nothing that a browser does of its own accord leaves the machine.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** Takes over a connection to a name. Its first byte, which stays to be read, says whether TLS is spoken. */
export type Accept = (socket: Socket, host: string, isSecure: boolean) => void

export interface Door {
  readonly port: number
  close(): Promise<void>
}

export async function openDoor(isKnown: (host: string) => boolean, accept: Accept): Promise<Door> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    lead(socket, isKnown, accept).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const succeeded = 0
const hostUnreachable = 4

/** RFC 8446, 5.1: the content type of a handshake, with which no HTTP request can begin. */
const handshake = 22

/** "Procedure for TCP-based clients", without authentication. A name that nobody has is refused. */
async function lead(socket: Socket, isKnown: (host: string) => boolean, accept: Accept): Promise<void> {
  await chunk(socket)
  socket.write(Buffer.from([5, 0]))
  const host = hostOf(await chunk(socket))
  const reply = isKnown(host) ? succeeded : hostUnreachable
  socket.write(Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 0]))
  if (reply !== succeeded) {
    socket.end()
    return
  }
  const first = await chunk(socket)
  socket.unshift(first)
  accept(socket, host, first[0] === handshake)
}

/** A client waits for the answer to each of its messages, so each comes alone. */
async function chunk(socket: Socket): Promise<Buffer> {
  for (;;) {
    const read: Buffer | null = socket.read()
    if (read) return read
    await once(socket, 'readable')
  }
}

/** "Requests": the address, whose kind is the fourth byte. */
function hostOf(request: Buffer): string {
  if (request[3] === 1) return request.subarray(4, 8).join('.')
  if (request[3] === 3) return request.subarray(5, 5 + (request[4] ?? 0)).toString('latin1')
  const words = Array.from({ length: 8 }, (_, i) => request.readUInt16BE(4 + 2 * i).toString(16))
  return new URL(`http://[${words.join(':')}]`).hostname
}
