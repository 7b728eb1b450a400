/** Anthropic's Message Batches on a loopback server: batches come with their requests and have no name. */

import {
  type Answerer,
  type BatchVendor,
  promptOf,
  type VendorBatch,
  type VendorOptions,
  type VendorRequest,
} from './batch-vendor.ts';
import { type CapturedRequest, type Reply, startEndpoint } from './endpoint.ts';

interface StoredBatch extends VendorBatch {
  readonly requests: readonly VendorRequest[];
  createdMs: number;
}

export interface MessageBatches extends BatchVendor {
  readonly batches: Map<string, StoredBatch>;
  /** A batch of somebody else in the same workspace. */
  add(requests: readonly VendorRequest[], createdMs: number): StoredBatch;
}

const BASE = '/v1/messages/batches';

/** Batches are listed newest first, in pages of two. */
export async function startMessageBatches(
  options: Pick<VendorOptions, 'answer' | 'intercept'> = {},
): Promise<MessageBatches> {
  const { answer = succeeds } = options;
  let intercept = options.intercept;
  const batches = new Map<string, StoredBatch>();
  const add = (requests: readonly VendorRequest[], createdMs: number): StoredBatch => {
    const id = `msgbatch_${batches.size + 1}`;
    const batch: StoredBatch = {
      ...{ id, requests, createdMs, status: 'in_progress' },
      ...{ inputFileId: '', metadata: null, endpoint: null, outputFileId: null, errorFileId: null, errors: null },
    };
    batches.set(id, batch);
    return batch;
  };
  const json = ({ id, status, requests, createdMs }: StoredBatch) => ({
    id,
    type: 'message_batch',
    processing_status: status,
    created_at: new Date(createdMs).toISOString(),
    request_counts: {
      processing: status === 'ended' ? 0 : requests.length,
      succeeded: status === 'ended' ? requests.length : 0,
      ...{ errored: 0, canceled: 0, expired: 0 },
    },
    // A client that followed it would send its key to another host.
    results_url: status === 'ended' ? 'http://127.0.0.1:1/stolen' : null,
  });
  const reply = (request: CapturedRequest): Reply | undefined => {
    if (!request.path.startsWith(BASE)) return undefined;
    const [, id = '', action] = request.path.slice(BASE.length).split('/');
    if (id === '' && request.method === 'POST') {
      const { requests } = request.json as { requests: { custom_id: string; params: VendorRequest['body'] }[] };
      const own = requests.map(({ custom_id: customId, params }) => ({ customId, body: params }));
      return { json: json(add(own, Date.now())) };
    }
    if (id === '') return { json: page([...batches.values()], request.query.get('after_id'), json) };
    const batch = batches.get(id);
    if (batch === undefined)
      return { status: 404, json: { type: 'error', error: { type: 'not_found_error', message: 'Not found' } } };
    if (action === 'cancel') batch.status = 'canceling';
    if (action !== 'results') return { json: json(batch) };
    return { body: linesOf(batch, answer) };
  };
  const endpoint = await startEndpoint((request) => {
    const own = intercept?.(request, 'before');
    if (own !== undefined) return own;
    const acted = reply(request);
    return intercept?.(request, 'after') ?? acted;
  });
  return {
    endpoint,
    files: new Map(),
    batches,
    add,
    end() {
      for (const batch of batches.values()) batch.status = 'ended';
    },
    intercept(next) {
      intercept = next;
    },
    [Symbol.asyncDispose]: endpoint.close,
  };
}

const PAGE = 2;

function page(all: readonly StoredBatch[], after: string | null, json: (batch: StoredBatch) => object) {
  const sorted = [...all].sort((a, b) => b.createdMs - a.createdMs);
  const start = after === null ? 0 : sorted.findIndex(({ id }) => id === after) + 1;
  const shown = sorted.slice(start, start + PAGE);
  return { data: shown.map(json), has_more: start + PAGE < sorted.length, last_id: shown.at(-1)?.id ?? null };
}

/** Results come in another order than requests. */
function linesOf({ requests }: StoredBatch, answer: Answerer): string {
  return requests
    .map(answer)
    .flatMap((line) =>
      line === null ? [] : [`${typeof line.line === 'string' ? line.line : JSON.stringify(line.line)}\n`],
    )
    .reverse()
    .join('');
}

export function messageOf(request: VendorRequest, text = promptOf(request)) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-haiku-4-5',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1000, output_tokens: 100 },
  };
}

export function resultLine({ customId }: VendorRequest, result: object): object {
  return { custom_id: customId, result };
}

const succeeds: Answerer = (request) => ({
  line: resultLine(request, { type: 'succeeded', message: messageOf(request) }),
});
