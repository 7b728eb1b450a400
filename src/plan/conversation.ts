/** Builds the messages for a sample and a model, and the card that tables show. */

import { withPages } from '../media/document-pages.ts';
import type { MediaOfCard, MediumKind } from '../modalities.ts';
import type { SampleCard } from '../result.ts';
import { fillPlaceholders } from '../text/placeholders.ts';
import type { ContentPart, Message, ModelConfig, Sample, Turn } from '../types.ts';
import { withoutMedium } from './ablation.ts';

/** The requests for a sample and a model: the messages of the first one, then one more message for each turn. */
export interface Conversation {
  readonly messages: readonly Message[];
  /** User messages that follow, each after the model's answer; empty for a single request. */
  readonly followUps: readonly Message[];
  /** Acceptable answers, one list for each request. */
  readonly targets: readonly (readonly string[])[];
}

/** Applies the model's system message, template and image detail to a sample; the sample's own system message takes precedence. */
export function buildConversation(sample: Sample, model: ModelConfig): Conversation {
  const [firstTurn, ...laterTurns] = sample.turns;
  const history = firstTurn === undefined ? sample.messages : [...sample.messages, userMessage(firstTurn.content)];
  const ownSystem = history[0]?.role === 'system';
  const system: readonly Message[] =
    model.system === undefined || ownSystem
      ? []
      : [{ role: 'system', content: [{ type: 'text', text: model.system }] }];
  const lastUser = history.findLastIndex((message) => message.role === 'user');
  const withPrompt = history.map((message, index) =>
    index === lastUser ? withTemplate(message, sample, model) : message,
  );
  return {
    messages: [...system, ...withPrompt].map((message) => withDetail(withoutMedium(message, model.without), model)),
    followUps: laterTurns.map((turn) =>
      withDetail(withoutMedium(withTemplate(userMessage(turn.content), sample, model), model.without), model),
    ),
    targets: targetsOf(sample),
  };
}

/** The paths and URLs of all media of one type, in order. */
function urisOf(messages: readonly Message[], type: MediumKind): readonly string[] {
  return messages.flatMap(({ content }) => content.flatMap((part) => (part.type === type ? [part.media.uri] : [])));
}

/** Lists of kinds that few datasets have are absent where they are empty: each journal line holds a card. */
function mediaOf(messages: readonly Message[]): MediaOfCard {
  const [documents, videos] = [urisOf(messages, 'document'), urisOf(messages, 'video')];
  return {
    images: urisOf(messages, 'image'),
    audio: urisOf(messages, 'audio'),
    ...(documents.length === 0 ? {} : { documents }),
    ...(videos.length === 0 ? {} : { videos }),
  };
}

/** Acceptable answers, one list for each request. */
export function targetsOf({ target, turns }: Sample): readonly (readonly string[])[] {
  return turns.length === 0 ? [target] : turns.map((turn) => turn.target);
}

/** The part of a sample that tables show, without media bytes. */
export function sampleCard(sample: Sample): SampleCard {
  const turns = sample.turns.map((turn) => userMessage(turn.content));
  const all = [...sample.messages, ...turns];
  const prompts = turns.length > 0 ? turns : all.filter((message) => message.role === 'user').slice(-1);
  return {
    prompt: prompts.map(textOf).join('\n'),
    ...mediaOf(all),
    target: sample.turns.length > 0 ? (sample.turns.at(-1)?.target ?? []) : sample.target,
    group: sample.group,
    tags: sample.tags,
    metadata: sample.metadata,
  };
}

/** The part of a turn that tables show. */
export function turnCard({ content, target }: Turn): Pick<SampleCard, 'prompt' | 'target'> & MediaOfCard {
  const asked = userMessage(content);
  return { prompt: textOf(asked), ...mediaOf([asked]), target };
}

function userMessage(content: readonly ContentPart[]): Message {
  return { role: 'user', content };
}

function textOf(message: Message): string {
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** The template replaces the first text part; the other text parts are included in `{{prompt}}`. */
function withTemplate(message: Message, sample: Sample, model: ModelConfig): Message {
  if (model.template === undefined) return message;
  const values: Readonly<Record<string, string>> = {
    prompt: textOf(message),
    id: sample.id,
    group: sample.group ?? '',
    ...Object.fromEntries(Object.entries(sample.metadata).map(([key, value]) => [`meta.${key}`, value])),
  };
  const text = fillPlaceholders(model.template, (name) => values[name] ?? '');
  const firstText = message.content.findIndex((part) => part.type === 'text');
  const kept = message.content.filter((part, index) => part.type !== 'text' || index === firstText);
  const content: ContentPart[] = kept.map((part) => (part.type === 'text' ? { type: 'text', text } : part));
  return { role: message.role, content: firstText === -1 ? [{ type: 'text', text }, ...content] : content };
}

function withDetail(plain: Message, model: ModelConfig): Message {
  const { detail } = model;
  const message = withPages(plain, model);
  if (detail === undefined) return message;
  const content = message.content.map((part) => (part.type === 'image' ? { detail, ...part } : part));
  return { role: message.role, content };
}
