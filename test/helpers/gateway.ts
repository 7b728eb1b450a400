/** A proxy on loopback that stands for every host there is, so that a URL in a configuration names no port of this moment. */

import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from './certificate.ts';
import { answerInDialect, textsOf } from './dialects.ts';
import { type CapturedRequest, type Endpoint, type Reply, startEndpoint } from './endpoint.ts';

export interface Gateway extends AsyncDisposable {
  /** The variables that lead requests here. */
  readonly env: Readonly<Record<string, string>>;
  /** `<url> <model>: <text> | <text>` of each request, sorted; a host of https alone where it was turned away. */
  asked(): readonly string[];
  /** Resolves when so many requests have arrived. */
  arrived(count: number): Promise<void>;
}

export interface GatewayOptions {
  /** For https hosts; without it they are turned away. */
  readonly tls?: Certificate;
  /** Answers before the dialects do, where it gives something. */
  readonly answer?: (request: CapturedRequest) => Reply | undefined;
}

/** Starts it; it answers in the dialect of each request. */
export async function startGateway({ tls, answer = () => undefined }: GatewayOptions = {}): Promise<Gateway> {
  const script = (request: CapturedRequest) => answer(request) ?? answerInDialect(request);
  const plain = await startEndpoint(script);
  const secure = tls === undefined ? null : await startEndpoint(script, { tls });
  const turnedAway: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer((_request, response) => response.writeHead(501).end());
  server.on('connect', (request, socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    const isSecure = /443$/.test(request.url ?? '');
    const target = isSecure ? secure : plain;
    if (target !== null) {
      tunnel(socket, target);
      return;
    }
    turnedAway.push(`https://${request.url?.replace(/:443$/, '')}`);
    socket.on('error', () => socket.destroy()).end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const lines = (scheme: string, endpoint: Endpoint | null) =>
    (endpoint?.requests ?? []).map((request) => describe(scheme, request));
  return {
    env: { http_proxy: url, https_proxy: url },
    asked: () => [...lines('http', plain), ...lines('https', secure), ...turnedAway].sort(),
    arrived: plain.arrived,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([plain.close(), secure?.close(), new Promise((resolve) => server.close(resolve))]);
    },
  };
}

function describe(scheme: string, request: CapturedRequest): string {
  const { model } = request.json as { readonly model?: string };
  const name = model === undefined ? '' : ` ${model}`;
  return `${scheme}://${request.headers.host}${request.url}${name}: ${textsOf(request).join(' | ')}`;
}

function tunnel(socket: Duplex, { port }: Endpoint): void {
  const upstream: Socket = connect(port, '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    socket.pipe(upstream).pipe(socket);
  });
  socket.on('error', () => upstream.destroy());
  upstream.on('error', () => socket.destroy());
}
