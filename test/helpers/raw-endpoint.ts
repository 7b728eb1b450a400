/** A scripted server of raw sockets on a free loopback port: for replies that no HTTP server would send. */

import { type AddressInfo, createServer, type Socket } from 'node:net';

/** One request; available as soon as its head has arrived. */
export interface RawRequest {
  /** Path with query; '' for bytes that are not HTTP, such as the first message of TLS. */
  readonly path: string;
  /** Request line and headers as they arrived. */
  readonly head: string;
  /** Resolves when the complete request has arrived; never when the client disconnects before. */
  readonly body: Promise<string>;
}

/** The bytes of a reply, and how the connection ends: without `ending` it stays open. */
export interface RawReply {
  /** One write each. */
  readonly bytes?: readonly (string | Buffer)[];
  readonly ending?: 'close' | 'reset';
}

export type RawScript = (request: RawRequest) => RawReply | Promise<RawReply>;

export interface RawEndpoint extends AsyncDisposable {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  /** In the order of arrival. */
  readonly requests: readonly RawRequest[];
}

/** Starts the server; it closes every connection when it is disposed of. */
export async function startRawEndpoint(script: RawScript): Promise<RawEndpoint> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay());
    socket.on('close', () => sockets.delete(socket));
    // Many scripts make the client give up a reply.
    socket.on('error', () => socket.destroy());
    readRequests(socket, (request) => {
      requests.push(request);
      void Promise.resolve(script(request)).then((reply) => send(socket, reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Splits the incoming bytes into heads and bodies; one request at a time, as our client sends them. */
function readRequests(socket: Socket, onRequest: (request: RawRequest) => void): void {
  let received = Buffer.alloc(0);
  let endBody: ((body: string) => void) | null = null;
  let bodyLength = 0;
  socket.on('data', (piece) => {
    received = Buffer.concat([received, piece]);
    if (endBody === null) {
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0 && /^[A-Z]/.test(received.toString('latin1', 0, 1))) return;
      const head = received.toString('latin1', 0, Math.max(0, headEnd));
      received = received.subarray(headEnd < 0 ? received.length : headEnd + 4);
      bodyLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      const body = new Promise<string>((resolve) => {
        endBody = resolve;
      });
      onRequest({ path: head.split(' ')[1] ?? '', head, body });
    }
    if (received.length < bodyLength) return;
    endBody?.(received.toString('utf8', 0, bodyLength));
    received = received.subarray(bodyLength);
    endBody = null;
  });
}

async function send(socket: Socket, { bytes = [], ending }: RawReply): Promise<void> {
  for (const piece of bytes) {
    if (socket.destroyed) return;
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  if (ending === 'close') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}
