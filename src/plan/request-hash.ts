/** Hashes and keys for comparing requests, cells and whole runs. */

import { hash } from 'node:crypto';
import type { GenerateParams, Media, Message, ModelConfig, ScorerConfig } from '../types.ts';
import type { Conversation } from './conversation.ts';

/**
 * Hashes everything that is sent, in a provider-neutral form: media by the hash of their bytes, no keys, no settings
 * that only change the pace (concurrency, limits, retries). Returns 32 hex digits.
 */
export function requestHash(
  wire: unknown,
  model: ModelConfig,
  conversation: Conversation,
  params: GenerateParams,
): string {
  const plain = (message: Message) => plainMessage(message, model.media?.image !== undefined);
  return digest(
    JSON.stringify([
      wire,
      model.media ?? null,
      params,
      conversation.messages.map(plain),
      conversation.followUps.map(plain),
    ]),
  );
}

/**
 * What a run sends to which models and how it scores the answers, without settings that change neither (concurrency,
 * limits, retries, prices). Plain JSON, written to the journal as `runIdentity` in the form of `storedDefinition`: two
 * runs are the same when their definitions are equal as text.
 */
export interface RunDefinition {
  /** Hash of the content of all selected samples, in order. */
  readonly dataset: string;
  readonly samples: number;
  /** Rows of samples with broken media, as `formatRows` writes them; `dataset` covers no media of them. Absent = none. */
  readonly broken?: string;
  readonly repeat: number;
  /** For samples without scorers of their own. */
  readonly scorers: readonly ScorerConfig[];
  readonly models: readonly ModelDefinition[];
  /** The judges that scorers ask; absent = none. */
  readonly judges?: readonly ModelDefinition[];
  /** Only stored: the salt of `marks`. */
  readonly salt?: string;
  /** Only stored: salted hashes of the settings that hold values from the environment, by their names. */
  readonly marks?: Readonly<Record<string, string>>;
}

/** The settings of a model that decide whether an earlier answer can be reused. */
export interface ModelDefinition {
  readonly id: string;
  readonly wire: unknown;
  readonly params: GenerateParams;
  /** Hash of the text; null = none. */
  readonly system: string | null;
  readonly template: string | null;
  readonly media: unknown;
  /** The medium that is left out; absent = none. */
  readonly without?: 'image' | 'audio';
  /** Absent = `apart`: it decides which text is scored. */
  readonly thinking?: 'inAnswer';
}

/** See `ModelDefinition`; `wire` are the model's wire settings. */
export function modelDefinition(model: ModelConfig, wire: unknown): ModelDefinition {
  const { id, params, system, template, media = null, thinking, without } = model;
  const hashed = (text: string | undefined) => (text === undefined ? null : digest(text));
  const settings = { id, wire, params, system: hashed(system), template: hashed(template), media };
  const ablated = without === undefined ? settings : { ...settings, without };
  return thinking === 'inAnswer' ? { ...ablated, thinking } : ablated;
}

/** The key of a cell whose answer can be reused: the same request for the same sample, model id and repeat. */
export function cellKey(requestHash: string, sampleId: string, modelId: string, repeat: number): string {
  return `${requestHash} ${repeat} ${modelId} ${sampleId}`;
}

function plainMessage(message: Message, isTurned: boolean): unknown {
  return [
    message.role,
    message.content.map((part) =>
      part.type === 'text'
        ? part.text
        : [part.type, mediaKey(part.media, isTurned), 'detail' in part ? part.detail : null],
    ),
  ];
}

/** Images that are turned upright before they are sent say so: earlier versions did not turn small ones. */
function mediaKey(media: Media, isTurned: boolean): string {
  if (media.type === 'url') return media.uri;
  const { page } = media;
  const key = `${media.mediaType};${media.sha256}${page === undefined ? '' : `;page=${page.number};dpi=${page.dpi}`}`;
  return isTurned && media.orientation !== undefined ? `${key};upright` : key;
}

function digest(text: string): string {
  return hash('sha256', text).slice(0, 32);
}
