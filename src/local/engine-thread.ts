/** The model's side of its thread: loads the recogniser, then answers one request after the other. */

import type { MessagePort } from 'node:worker_threads';
import { InputError, type Problem } from '../errors.ts';
import { answerRequest, type EngineReply, type EngineRequest } from './answer.ts';
import { LOCAL_MODELS, type LocalModelName } from './models/registry.ts';
import { RequestError, type RequestErrorDetails } from './request-error.ts';
import { loadTextTokenizer } from './text-tokenizer.ts';

/** From the server to the thread; one at a time. */
export interface ThreadQuestion {
  readonly id: number;
  readonly request: EngineRequest;
}

/** From the thread to the server. `unready` ends the thread's life: its model did not load. */
export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'unready'; readonly problems: readonly Problem[] }
  | { readonly type: 'reply'; readonly id: number; readonly reply: EngineReply }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly message: string;
      readonly details: RequestErrorDetails;
    };

/** Engines compiled to one line of code print all of it in their errors; a message keeps this much. */
const MAX_REASON_CHARACTERS = 200;

/** Settles when the model is loaded (or is not); from then on the port's messages are answered. */
export async function serveEngine(port: MessagePort, name: LocalModelName): Promise<void> {
  const send = (message: ThreadMessage) => port.postMessage(message);
  const model = LOCAL_MODELS[name];
  try {
    const [recognise, tokenizer] = await Promise.all([model.load(), loadTextTokenizer()]);
    port.on('message', ({ id, request }: ThreadQuestion) => {
      answerRequest(request, { name, model, recognise, tokenizer }).then(
        (reply) => send({ type: 'reply', id, reply }),
        (error: unknown) => send({ type: 'refused', id, ...describe(error) }),
      );
    });
    send({ type: 'ready' });
  } catch (error) {
    const { message } = describe(error);
    send({
      type: 'unready',
      problems: error instanceof InputError ? error.problems : [{ message: `${name}: ${message}` }],
    });
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
