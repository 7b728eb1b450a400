/** One service of the server: a queue before its thread, a deadline, and a new thread for one that hung or crashed. */

import { RequestError } from './request-error.ts';
import { startThread, type Thread } from './thread.ts';

export interface EngineOptions {
  /** `workerData` of the thread: a model's name, or `tokens`. */
  readonly name: string;
  /** The compiled `engine-worker.js`. */
  readonly workerUrl: URL;
  /** For one request, from the start of its processing. */
  readonly deadlineMs: number;
  /** Requests that may wait; further ones are answered 429. */
  readonly maxWaiting: number;
}

export interface Engine<Request, Reply> {
  /**
   * Waits for its turn and answers. An aborted request leaves the queue.
   * @throws {RequestError} an error of the model; 429 with a full queue, 504 after the deadline, 500 when the thread ended.
   */
  answer(request: Request, signal: AbortSignal): Promise<Reply>;
  /** Ends the thread; waiting requests are answered 503. */
  close(): Promise<void>;
}

interface Job<Request, Reply> {
  readonly request: Request;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
}

/** The `retry-after` of a full queue. */
const RETRY_AFTER_SECONDS = 1;

/** @throws {InputError} when the service cannot be loaded, e.g. for a missing package. */
export async function startEngine<Request, Reply>({
  name,
  workerUrl,
  deadlineMs,
  maxWaiting,
}: EngineOptions): Promise<Engine<Request, Reply>> {
  const waiting = new Set<Job<Request, Reply>>();
  let thread = await startThread<Request, Reply>(name, workerUrl);
  let working = false;
  let closed = false;

  const stopping = () => new RequestError(`${name} is stopping.`, { status: 503, code: 'stopping' });

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (const job of waiting) {
      waiting.delete(job);
      try {
        if (!thread.alive()) thread = await startThread(name, workerUrl);
        job.resolve(await askInTime(thread, job.request));
      } catch (error) {
        job.reject(closed ? stopping() : error);
      }
    }
    working = false;
    if (closed) await thread.end();
  }

  async function askInTime(asked: Thread<Request, Reply>, request: Request): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new RequestError(`${name} gave no answer within ${deadlineMs} ms.`, {
            status: 504,
            code: 'deadline_exceeded',
          }),
        );
        // The engines compute without a pause, so only ending the thread interrupts them.
        void asked.end();
      }, deadlineMs);
    });
    try {
      return await Promise.race([asked.ask(request), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async answer(request, signal) {
      signal.throwIfAborted();
      if (closed) throw stopping();
      if (waiting.size >= maxWaiting) {
        const details = { status: 429, code: 'queue_full', retryAfterSeconds: RETRY_AFTER_SECONDS };
        throw new RequestError(`${waiting.size} requests already wait for ${name}.`, details);
      }
      const settled = new AbortController();
      try {
        return await new Promise<Reply>((resolve, reject) => {
          const job: Job<Request, Reply> = { request, resolve, reject };
          const giveUp = () => {
            if (waiting.delete(job)) reject(signal.reason);
          };
          signal.addEventListener('abort', giveUp, { once: true, signal: settled.signal });
          waiting.add(job);
          void work();
        });
      } finally {
        settled.abort();
      }
    },
    async close() {
      closed = true;
      for (const job of waiting) job.reject(stopping());
      waiting.clear();
      await thread.end();
    },
  };
}
