/** Defines what a vendor's batch API can do, in our words; one file a protocol implements it. */

import type { ProviderError } from '../../errors.ts';
import type { ChatRequest, Completion } from '../../types.ts';

/** Where a route's batch API is. */
export type BatchRoute =
  | {
      /** A file of requests is uploaded, then a batch is made of it: OpenAI, and Azure OpenAI with differences. */
      readonly type: 'files';
      readonly filesUrl: URL;
      readonly batchesUrl: URL;
      /** `url` of each line. */
      readonly lineUrl: string;
      /** `endpoint` of the batch. */
      readonly endpoint: string;
      /** Azure: other limits, files that expire, states with a capital letter. */
      readonly isAzure: boolean;
    }
  /** All requests go in the body of one call: Anthropic. */
  | { readonly type: 'messages'; readonly batchesUrl: URL }
  | { readonly type: 'none'; readonly reason: string };

/** The most that one batch takes. */
export interface BatchLimits {
  readonly requests: number;
  /** Of the whole file. */
  readonly bytes: number;
}

/** A part of a run that becomes one batch. */
export interface PartFile {
  /** The file's name at the vendor: no other part of any run has it. */
  readonly name: string;
  readonly path: string;
  readonly requests: number;
  readonly byteLength: number;
  /** When the file was written, in ms since 1970: no batch of it is older. */
  readonly writtenMs: number;
}

/** A file with results. */
export interface ResultSource {
  readonly name: 'output' | 'errors';
  /** Id of the file, or of the batch. */
  readonly id: string;
}

/** A batch as its vendor reports it. */
export interface BatchState {
  readonly id: string;
  readonly hasEnded: boolean;
  /** The vendor's word in lower case. */
  readonly status: string;
  /** null = not reported. */
  readonly counts: { readonly total: number; readonly completed: number; readonly failed: number } | null;
  /** Files with results; empty before the end, and of a batch that was rejected as a whole. */
  readonly sources: readonly ResultSource[];
  /** Why the batch was rejected as a whole. */
  readonly problem: { readonly message: string; readonly code: string | null } | null;
}

/** The result of one request of a batch. */
export interface BatchReply {
  readonly customId: string;
  readonly result: Completion | ProviderError;
}

/** Uploads files of requests. */
export interface BatchFiles {
  /** Returns the file's id. */
  upload(part: PartFile, signal: AbortSignal): Promise<string>;
  /** The id of a file that was uploaded from this part; null = there is none. */
  find(part: PartFile, signal: AbortSignal): Promise<string | null>;
  /** Whether a batch can be made of the file now. @throws {ProviderError} when the vendor rejected the file. */
  isReady(fileId: string, signal: AbortSignal): Promise<boolean>;
}

/** The batch API of one model's endpoint. Each call is one attempt; failures are `ProviderError`s. */
export interface BatchClient {
  readonly limits: BatchLimits;
  /** What is before, between and after the requests in a file. */
  readonly frame: { readonly start: string; readonly between: string; readonly end: string };
  /** One request in pieces. @throws {ProviderError} kinds `unsupported` and `media`, as for a single request. */
  line(customId: string, request: ChatRequest): Promise<readonly Buffer[]>;
  /** null = `create` sends the file itself. */
  readonly files: BatchFiles | null;
  create(part: PartFile, fileId: string | null, signal: AbortSignal): Promise<BatchState>;
  /** The batch that was made of this part, without those in `others`; null = there is none. */
  find(
    part: PartFile,
    fileId: string | null,
    others: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<BatchState | null>;
  state(batchId: string, signal: AbortSignal): Promise<BatchState>;
  cancel(batchId: string, signal: AbortSignal): Promise<BatchState>;
  /** Hands on the lines of a file in pieces of any size. */
  download(source: ResultSource, onPiece: (piece: Buffer) => void, signal: AbortSignal): Promise<void>;
  /** A line of a file with results, without secrets. */
  hideIn(line: string): string;
  /** Reads a parsed line; null = it names no request. */
  read(line: unknown): BatchReply | null;
  /** Closes idle connections. */
  close(): Promise<void>;
}
