/** The port of a thread: loads its service, then answers each message. */

import type { MessagePort } from 'node:worker_threads';
import { InputError, type Problem } from '../errors.ts';
import { RequestError, type RequestErrorDetails } from './request-error.ts';

export interface ThreadQuestion<Request> {
  readonly id: number;
  readonly request: Request;
}

/** After `unready` the thread ends: its service did not load. */
export type ThreadMessage<Reply> =
  | { readonly type: 'ready' }
  | { readonly type: 'unready'; readonly problems: readonly Problem[] }
  | { readonly type: 'reply'; readonly id: number; readonly reply: Reply }
  | {
      readonly type: 'error';
      readonly id: number;
      readonly message: string;
      readonly details: RequestErrorDetails;
    };

/** Longest reason in a message: engines that are one line of code print all of it in their errors. */
const MAX_REASON_CHARACTERS = 200;

/** Settles when loading the service has succeeded or failed; a message on the port reports it. */
export async function serveThread<Request, Reply>(
  port: MessagePort,
  load: () => Promise<(request: Request) => Promise<Reply>>,
): Promise<void> {
  const send = (message: ThreadMessage<Reply>) => port.postMessage(message);
  try {
    const service = await load();
    port.on('message', ({ id, request }: ThreadQuestion<Request>) => {
      service(request).then(
        (reply) => send({ type: 'reply', id, reply }),
        (error: unknown) => send({ type: 'error', id, ...describe(error) }),
      );
    });
    send({ type: 'ready' });
  } catch (error) {
    const problems = error instanceof InputError ? error.problems : [{ message: describe(error).message }];
    send({ type: 'unready', problems });
  }
}

function describe(error: unknown): { readonly message: string; readonly details: RequestErrorDetails } {
  if (error instanceof RequestError) return { message: error.message, details: error.details };
  const reason = error instanceof Error ? error.message : String(error);
  return {
    message: `The recogniser failed: ${reason.split('\n')[0]?.slice(0, MAX_REASON_CHARACTERS)}`,
    details: { status: 500, code: 'recogniser_failed' },
  };
}
