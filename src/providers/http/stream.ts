/** Reads server-sent events as they arrive and folds them into the body of an answer that is not streamed. */

import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { ByteCollector } from '../../collections/byte-collector.ts';
import { ProviderError } from '../../errors.ts';
import { isRecord } from '../../text/is-record.ts';
import { errorIn } from './error-member.ts';
import { detailsOf, failureInside, type Hide, invalidReply, type ReplyFacts } from './failures.ts';
import type { WireObject } from './wire-value.ts';

/** Folds the events of one protocol. */
export interface Fold {
  /** Adds one event. Returns true when it held text of the model. */
  add(event: WireObject): boolean;
  /** The text so far. */
  text(): string;
  /** Whether the model ended its answer, as opposed to a lost connection. */
  finished(): boolean;
  /** The body of the same answer without streaming. */
  body(): unknown;
}

export interface StreamReader {
  /** @throws {ProviderError} for an error event or one that cannot be read. */
  push(piece: Buffer): void;
  /** The folded body. @throws {ProviderError} kind `network` when the stream ended before the model did. */
  end(): unknown;
  /** The text so far; never an answer. */
  partial(): string;
}

/** OpenAI's end mark; it replaces the finish reason of servers that send none. */
const DONE = '[DONE]';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** The parser looks for a carriage return from every line to the end of its input, so it is fed in small slices. */
const SLICE_BYTES = 4096;

/** `hide` takes secrets out of an error event; those of an answer may be split over events and are taken out of the whole. */
export function createStreamReader(
  fold: Fold,
  facts: ReplyFacts,
  hide: Hide,
  onFirstToken: (() => void) | undefined,
): StreamReader {
  // A character may be split over two pieces.
  const decoder = new TextDecoder();
  /** A line that has not ended; the parser would keep each of its pieces. */
  const line = new ByteCollector();
  let first = true;
  let done = false;

  const onEvent = ({ event, data }: EventSourceMessage) => {
    if (done || data.trim() === '') return;
    if (data.trim() === DONE) {
      done = true;
      return;
    }
    const value = parse(data, facts);
    const error =
      errorIn(value['error'], Object.keys(value).length > 1) ??
      (event === 'error' || value['type'] === 'error' ? value : null);
    if (error !== null) throw failureInside(hide(error), facts);
    if (fold.add(value) && first) {
      first = false;
      onFirstToken?.();
    }
  };
  const parser = createParser({ onEvent });
  const feed = () => {
    parser.feed(decoder.decode(line.bytes(), { stream: true }));
    line.clear();
  };
  return {
    push: (piece) => {
      for (let at = 0; at < piece.length; at += SLICE_BYTES) {
        const slice = piece.subarray(at, at + SLICE_BYTES);
        line.push(slice);
        if (slice.includes(LINE_FEED) || slice.includes(CARRIAGE_RETURN)) feed();
      }
    },
    end: () => {
      feed();
      parser.reset({ consume: true });
      if (!done && !fold.finished())
        throw new ProviderError('network', 'the stream ended before the answer was complete', detailsOf(facts));
      return fold.body();
    },
    partial: () => fold.text(),
  };
}

function parse(data: string, facts: ReplyFacts): WireObject {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw invalidReply('an event of the stream is not JSON', facts, { retryable: true, cause });
  }
  if (!isRecord(value)) throw invalidReply('an event of the stream is not a JSON object', facts);
  return value;
}
