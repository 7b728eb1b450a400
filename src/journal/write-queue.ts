/** Journal lines on their way to the disk: written in order, kept in memory and retried while the disk does not accept them. */

import type { Clock } from '../limits/clock.ts';
import type { ByteRange } from './journal-line.ts';

/** A write to a full disk is retried this often. */
const STALL_RETRY_MS = 1000;

export type OnWritten = (byteRange: ByteRange) => void;

export interface WriteQueue {
  /** Writes the line after all waiting ones; false = the disk failed, and the line waits. */
  add(line: string, onWritten?: OnWritten): boolean;
  /** Resolves when the waiting lines have been written; null = none are waiting. */
  readonly stalled: () => Promise<void> | null;
  /** Tries a last time to write the waiting lines, then gives up. */
  stop(): Promise<void>;
  /** The waiting lines. */
  unwritten(): readonly string[];
}

export interface WriteQueueOptions {
  readonly clock: Clock;
  /** Writes a whole line or throws. */
  readonly write: (line: string) => ByteRange;
  /** Called with the error when a write fails, and with null when all waiting lines have been written. */
  readonly onStall: (error: Error | null) => void;
  /** Called after waiting lines were written. */
  readonly onRetried: () => void;
}

export function createWriteQueue({ clock, write, onStall, onRetried }: WriteQueueOptions): WriteQueue {
  const waiting: { readonly line: string; readonly onWritten: OnWritten | undefined }[] = [];
  let stall: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  const stopRetry = new AbortController();

  /** Writes the waiting lines; false when the disk fails. */
  const drain = (): boolean => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      let byteRange: ByteRange;
      try {
        byteRange = write(next.line);
      } catch (error) {
        beginStall(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
      waiting.shift();
      next.onWritten?.(byteRange);
    }
    return true;
  };
  const beginStall = (error: Error) => {
    if (stall !== null) return;
    let end = () => {};
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    stall = { over, end };
    onStall(error);
    void retryUntilWritten();
  };
  const retryUntilWritten = async () => {
    while (!stopRetry.signal.aborted) {
      await clock.sleep(STALL_RETRY_MS, stopRetry.signal);
      if (drain()) break;
    }
    onRetried();
    if (waiting.length === 0) onStall(null);
    stall?.end();
    stall = null;
  };
  return {
    add(line, onWritten) {
      waiting.push({ line, onWritten });
      return stall === null && drain();
    },
    stalled: () => stall?.over ?? null,
    async stop() {
      stopRetry.abort();
      while (stall !== null) await stall.over;
    },
    unwritten: () => waiting.map(({ line }) => line),
  };
}
