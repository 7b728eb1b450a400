/** Batch APIs on a loopback server: they keep files and batches, and answer each request by a function of the test. */

import { type CapturedRequest, type Endpoint, type Reply, startEndpoint } from './endpoint.ts';

/** One request of a batch, as it was uploaded. */
export interface VendorRequest {
  readonly customId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A line of results, or null for none. `errors` goes to the error file. */
export type Answerer = (
  request: VendorRequest,
  index: number,
) => { readonly line: object | string; readonly errors?: boolean } | null;

export interface VendorOptions {
  readonly answer?: Answerer;
  /** Path above `/files` and `/batches`; default `/v1`. */
  readonly base?: string;
  /** Azure: states with a capital letter, times as ISO strings, a zero-byte error file. */
  readonly azure?: boolean;
  /** Replies instead of the vendor where it returns something; the vendor may have acted already (`after`). */
  readonly intercept?: (request: CapturedRequest, when: 'before' | 'after') => Reply | undefined;
}

export interface VendorFile {
  readonly id: string;
  readonly filename: string;
  readonly text: string;
}

export interface VendorBatch {
  readonly id: string;
  readonly inputFileId: string;
  readonly metadata: unknown;
  readonly endpoint: unknown;
  status: string;
  outputFileId: string | null;
  errorFileId: string | null;
  errors: unknown;
}

export interface BatchVendor extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly files: Map<string, VendorFile>;
  readonly batches: Map<string, VendorBatch>;
  /** Ends all batches in this state with the answers to their requests, last one first. */
  end(status?: string): void;
  intercept(next: VendorOptions['intercept']): void;
}

const CREATED_S = Math.floor(Date.now() / 1000) + 60;

/** The files and batches of OpenAI, or of Azure. */
export async function startVendor(options: VendorOptions = {}): Promise<BatchVendor> {
  const { base = '/v1', azure = false, answer = answered } = options;
  let intercept = options.intercept;
  const files = new Map<string, VendorFile>();
  const batches = new Map<string, VendorBatch>();
  const add = (filename: string, text: string) => {
    const id = `file-${files.size + 1}`;
    files.set(id, { id, filename, text });
    return id;
  };
  const word = (status: string) => (azure ? status.charAt(0).toUpperCase() + status.slice(1) : status);
  const time = azure ? new Date(CREATED_S * 1000).toISOString() : CREATED_S;
  const fileJson = ({ id, filename, text }: VendorFile) => {
    return { id, object: 'file', filename, bytes: Buffer.byteLength(text), created_at: time, status: 'processed' };
  };
  const batchJson = (batch: VendorBatch) => ({
    id: batch.id,
    object: 'batch',
    status: word(batch.status),
    input_file_id: batch.inputFileId,
    // The guide of Azure shows neither.
    ...(azure ? { metadata: null, endpoint: null } : { metadata: batch.metadata, endpoint: batch.endpoint }),
    created_at: time,
    output_file_id: batch.outputFileId,
    error_file_id: batch.errorFileId,
    errors: batch.errors,
    request_counts: azure ? null : { total: requestsIn(files.get(batch.inputFileId)).length, completed: 0, failed: 0 },
  });

  const reply = (request: CapturedRequest): Reply | undefined => {
    const path = request.path.slice(base.length);
    const [, kind, id = '', action] = path.split('/');
    if (!request.path.startsWith(base)) return { status: 404, json: { error: { message: 'no such route' } } };
    const gone = { status: 404, json: { error: { message: `No such object: ${id}`, type: 'invalid_request_error' } } };
    if (kind === 'files') {
      if (request.method === 'POST')
        return { json: fileJson(files.get(add(...uploadedIn(request.body))) as VendorFile) };
      if (id === '')
        return { json: { object: 'list', data: [...files.values()].reverse().map(fileJson), has_more: false } };
      const file = files.get(id);
      if (file === undefined) return gone;
      return action === 'content' ? { body: file.text } : { json: fileJson(file) };
    }
    if (kind !== 'batches') return undefined;
    if (id === '' && request.method === 'POST') {
      const {
        input_file_id: inputFileId,
        metadata,
        endpoint,
      } = request.json as { input_file_id: string; metadata: unknown; endpoint: unknown };
      if (!files.has(inputFileId)) return { status: 400, json: { error: { message: 'no such file' } } };
      const batch = { id: `batch_${batches.size + 1}`, inputFileId, metadata, endpoint, status: 'validating' };
      batches.set(batch.id, { ...batch, outputFileId: null, errorFileId: null, errors: null });
      return { json: batchJson(batches.get(batch.id) as VendorBatch) };
    }
    if (id === '')
      return { json: { object: 'list', data: [...batches.values()].reverse().map(batchJson), has_more: false } };
    const batch = batches.get(id);
    if (batch === undefined) return gone;
    if (action === 'cancel') batch.status = 'cancelling';
    return { json: batchJson(batch) };
  };

  const endpoint = await startEndpoint(
    (request) => intercept?.(request, 'before') ?? after(reply(request), intercept?.(request, 'after')),
  );
  return {
    endpoint,
    files,
    batches,
    end(status = 'completed') {
      for (const batch of batches.values()) {
        if (['completed', 'expired', 'cancelled', 'failed'].includes(batch.status)) continue;
        batch.status = status;
        if (status === 'failed') continue;
        const lines = requestsIn(files.get(batch.inputFileId))
          .map(answer)
          .filter((line) => line !== null);
        const text = (errors: boolean) =>
          lines
            .filter((line) => (line.errors ?? false) === errors)
            .reverse()
            .map(({ line }) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
            .join('');
        const errors = text(true);
        batch.outputFileId = add('output.jsonl', text(false));
        batch.errorFileId = errors !== '' || azure ? add('errors.jsonl', errors) : null;
      }
    },
    intercept(next) {
      intercept = next;
    },
    [Symbol.asyncDispose]: endpoint.close,
  };
}

/** The vendor has acted, whatever the client hears. */
function after(own: Reply | undefined, other: Reply | undefined): Reply | undefined {
  return other ?? own;
}

export function requestsIn(file: VendorFile | undefined): readonly VendorRequest[] {
  return (file?.text ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map(({ custom_id: customId, body }) => ({ customId, body }));
}

function uploadedIn(body: string): readonly [filename: string, text: string] {
  const match = /filename="([^"]+)"\r\n[^\r]*\r\n\r\n([\s\S]*?)\r\n--earsight-/.exec(body);
  return [match?.[1] ?? '', match?.[2] ?? ''];
}

/** The answer is the last text of the request. */
export function completionOf(request: VendorRequest, text = promptOf(request)) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 },
  };
}

/** The text of the last message, of chat completions, of the Responses API or of Messages. */
export function promptOf({ body }: VendorRequest): string {
  const messages = (body['messages'] ?? body['input']) as readonly { content: unknown }[];
  const { content } = messages.at(-1) ?? {};
  const [part] = Array.isArray(content) ? (content as readonly { text?: unknown }[]) : [{ text: content }];
  return typeof part?.text === 'string' ? part.text : '';
}

/** The same answer in the shape of the Responses API. */
export function responseOf(request: VendorRequest, text = promptOf(request)) {
  return {
    id: 'resp_1',
    object: 'response',
    status: 'completed',
    model: 'gpt-4o-mini-2024-07-18',
    output: [
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: { input_tokens: 1000, output_tokens: 100, total_tokens: 1100 },
  };
}

export function outputLine(request: VendorRequest, body: unknown = completionOf(request), status = 200): object {
  const response = { status_code: status, request_id: `req-${request.customId.slice(0, 6)}`, body };
  return { id: `batch_req_${request.customId}`, custom_id: request.customId, response, error: null };
}

const answered: Answerer = (request) => ({ line: outputLine(request) });
