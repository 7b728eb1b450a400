/** One worker thread with a loaded service in it. */

import { Worker } from 'node:worker_threads';
import { InputError } from '../errors.ts';
import { RequestError } from './request-error.ts';
import type { ThreadMessage, ThreadQuestion } from './serve-thread.ts';

export interface Thread<Request, Reply> {
  /** False once it has ended or failed. */
  alive(): boolean;
  /** @throws {RequestError} an error of the service, or status 500 when the thread ends first. */
  ask(request: Request): Promise<Reply>;
  end(): Promise<void>;
}

interface Pending<Reply> {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Longest reason in a message: engines that are one line of code print all of it in their errors. */
const MAX_REASON_CHARACTERS = 200;

/**
 * Resolves when the service is loaded.
 * @throws {InputError} when it cannot be loaded, e.g. for a missing package.
 */
export async function startThread<Request, Reply>(name: string, workerUrl: URL): Promise<Thread<Request, Reply>> {
  // Tesseract prints its estimate of the resolution, which is not an error.
  const worker = new Worker(workerUrl, { workerData: name, stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  const pending = new Map<number, Pending<Reply>>();
  let alive = true;
  let lastId = 0;

  const ready = new Promise<void>((resolve, reject) => {
    const die = (why: string) => {
      alive = false;
      reject(new InputError({ message: `${name} did not load: ${why.slice(0, MAX_REASON_CHARACTERS)}` }));
      for (const { reject: fail } of pending.values())
        fail(new RequestError(`${name} gave no answer: its thread ended.`, { status: 500, code: 'recogniser_lost' }));
      pending.clear();
    };
    worker.on('error', (error) => die(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)));
    worker.on('exit', () => die('its thread ended'));
    worker.on('message', (message: ThreadMessage<Reply>) => {
      if (message.type === 'ready') return resolve();
      if (message.type === 'unready') return reject(new InputError(message.problems));
      const request = pending.get(message.id);
      pending.delete(message.id);
      if (message.type === 'reply') request?.resolve(message.reply);
      else request?.reject(new RequestError(message.message, message.details));
    });
  });
  const end = async () => {
    alive = false;
    await worker.terminate();
  };
  try {
    await ready;
  } catch (error) {
    await end();
    throw error;
  }
  return {
    alive: () => alive,
    ask(request) {
      return new Promise((resolve, reject) => {
        lastId += 1;
        pending.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, request } satisfies ThreadQuestion<Request>);
      });
    },
    end,
  };
}
