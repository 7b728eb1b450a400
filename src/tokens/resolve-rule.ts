/** Finds the token rule of a model by its name or its configuration. */

import { InputError } from '../errors.ts';
import { comparableModel } from '../models/model-name.ts';
import { suggest } from '../text/nearest-name.ts';
import type { ModelConfig } from '../types.ts';
import type { AudioRule } from './audio-rules/audio-rule.ts';
import { AUDIO_RULES } from './audio-rules.ts';
import { DOCUMENT_RULES, type DocumentRule } from './document-rules.ts';
import type { ImageRule } from './image-rules/image-rule.ts';
import { IMAGE_RULES } from './image-rules.ts';
import { AUDIO_MODELS, IMAGE_MODELS, type ImageVersion, TEXT_MODELS } from './models-table.ts';
import { type Detail, matchSettings, readDetail, type SettingAliases, type Settings } from './settings.ts';
import { TEXT_RULES, type TextRule } from './text-rules.ts';

/** The settings of a model that affect its token count. */
export type TokenModel = Pick<ModelConfig, 'model' | 'tokens' | 'detail'>;

/** A rule with the settings from the name, the table and the detail. */
export interface ResolvedImageRule {
  readonly name: string;
  readonly rule: ImageRule;
  readonly settings: Settings;
  readonly band: readonly [number, number];
}

export interface ResolvedAudioRule {
  readonly name: string;
  readonly rule: AudioRule;
  readonly settings: Settings;
}

export interface ResolvedTextRule {
  readonly name: string;
  readonly rule: TextRule;
}

type Kind = 'image' | 'audio' | 'text' | 'document';
const REGISTRIES: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  image: IMAGE_RULES,
  audio: AUDIO_RULES,
  text: TEXT_RULES,
  document: Object.fromEntries(DOCUMENT_RULES.map((rule) => [rule.name, rule])),
};
const imageRules: Readonly<Record<string, ImageRule>> = IMAGE_RULES;
const audioRules: Readonly<Record<string, AudioRule>> = AUDIO_RULES;
const textRules: Readonly<Record<string, TextRule>> = TEXT_RULES;

/** A configured mapping: `phi-4-multimodal dynamic_hd=16`, or the name of a model in the table. */
interface Mapping {
  readonly name: string;
  readonly text: string;
  /** Whether `name` is a rule; otherwise it is the name of a model. */
  readonly isRule: boolean;
}

const article = (kind: Kind) => (kind === 'image' || kind === 'audio' ? 'an' : 'a');

function mappingOf(model: Pick<TokenModel, 'tokens'>, kind: Kind): Mapping | null {
  const mapping = model.tokens?.[kind]?.trim();
  if (mapping === undefined || mapping === '') return null;
  const [name = ''] = mapping.split(/\s+/, 1);
  const isRule = Object.hasOwn(REGISTRIES[kind], name);
  if (!isRule && /\s.*=/.test(mapping))
    throw new InputError({
      message: `"${mapping}" has settings, but "${name}" is not ${article(kind)} ${kind} token rule`,
      hint: suggest(name, Object.keys(REGISTRIES[kind])),
    });
  return { name: isRule ? name : mapping, text: isRule ? mapping.slice(name.length) : '', isRule };
}

/** The settings after the name of a rule. @throws {InputError} when the rule does not have one of them. */
function mappedSettings(kind: Kind, { name, text }: Mapping, defaults: Settings, aliases?: SettingAliases): Settings {
  const { settings, unknown } = matchSettings(text, defaults, aliases);
  const isUnread = text.trim() !== '' && Object.keys(settings).length === 0;
  const [setting = isUnread ? text.trim() : undefined] = unknown;
  if (setting === undefined) return settings;
  const known = Object.keys(defaults);
  throw new InputError({
    message: `the ${kind} token rule "${name}" has no setting "${setting}"`,
    hint: known.length === 0 ? 'it has none' : suggest(setting, known),
  });
}

function unknownMapping(kind: Kind, name: string): InputError {
  return new InputError({
    message: `"${name}" is neither ${article(kind)} ${kind} token rule nor a model with a known one`,
    hint: suggest(name, Object.keys(REGISTRIES[kind])),
  });
}

/** Settings inside the parentheses of a descriptive name such as `Pixtral (patch 16, max 1024)`. */
function settingsInName(name: string, defaults: Settings, aliases: SettingAliases): Settings {
  return matchSettings(/\(([^)]*)\)/.exec(name)?.[1] ?? '', defaults, aliases).settings;
}

function imageVersion(name: string, at: string | null): ImageVersion | undefined {
  const row = IMAGE_MODELS.find(({ models }) => models.test(comparableModel(name)));
  if (at === null) return row?.versions[0];
  return row?.versions.find(({ validFrom }) => validFrom <= at) ?? row?.versions.at(-1);
}

/**
 * The image rule of a model, or null when neither its name nor its configuration gives one.
 * @throws {InputError} when the configuration names an unknown rule or setting.
 */
export function resolveImageRule(
  model: TokenModel,
  detail: Detail = readDetail(model.detail),
): ResolvedImageRule | null {
  const mapping = mappingOf(model, 'image');
  if (mapping?.isRule === true) {
    const rule = imageRules[mapping.name];
    if (rule === undefined) throw unknownMapping('image', mapping.name);
    const settings = mappedSettings('image', mapping, rule.defaults, rule.aliases);
    const fromDetail = matchSettings(detail.text, rule.defaults, rule.aliases).settings;
    return { name: mapping.name, rule, settings: { ...settings, ...fromDetail }, band: rule.band };
  }
  const name = mapping?.name ?? model.model;
  const version = imageVersion(name, detail.at);
  if (version === undefined) {
    if (mapping !== null) throw unknownMapping('image', mapping.name);
    return null;
  }
  return ofVersion(version, name, detail);
}

function ofVersion(version: ImageVersion, name: string, detail: Detail): ResolvedImageRule {
  const levels = version.detail ?? {};
  const named = detail.level !== null && Object.hasOwn(levels, detail.level) ? detail.level : version.defaultDetail;
  const variant = levels[named ?? ''];
  const ruleName = variant?.rule ?? version.rule;
  const rule: ImageRule = IMAGE_RULES[ruleName];
  return {
    name: ruleName,
    rule,
    settings: {
      ...(variant?.rule === undefined ? version.settings : {}),
      ...variant?.settings,
      ...settingsInName(name, rule.defaults, rule.aliases),
      ...matchSettings(detail.text, rule.defaults, rule.aliases).settings,
    },
    band: version.band ?? rule.band,
  };
}

/**
 * The audio rule of a model, or null when neither its name nor its configuration gives one.
 * @throws {InputError} when the configuration names an unknown rule or setting.
 */
export function resolveAudioRule(model: TokenModel): ResolvedAudioRule | null {
  const mapping = mappingOf(model, 'audio');
  if (mapping?.isRule === true) {
    const rule = audioRules[mapping.name];
    if (rule === undefined) throw unknownMapping('audio', mapping.name);
    return { name: mapping.name, rule, settings: mappedSettings('audio', mapping, rule.defaults, rule.aliases) };
  }
  const name = comparableModel(mapping?.name ?? model.model);
  const row = AUDIO_MODELS.find(({ models }) => models.test(name));
  if (row !== undefined) return { name: row.rule, rule: AUDIO_RULES[row.rule], settings: row.settings ?? {} };
  if (mapping !== null) throw unknownMapping('audio', mapping.name);
  return null;
}

/**
 * How the documents of a model are counted, or null when neither its name nor its configuration tells.
 * @throws {InputError} when the configuration names an unknown rule or setting.
 */
export function resolveDocumentRule(model: Pick<TokenModel, 'model' | 'tokens'>): DocumentRule | null {
  const mapping = mappingOf(model, 'document');
  if (mapping?.isRule === true) {
    const rule = DOCUMENT_RULES.find(({ name }) => name === mapping.name);
    if (rule === undefined) throw unknownMapping('document', mapping.name);
    const { tokens } = mappedSettings('document', mapping, rule.defaults ?? {});
    return tokens === undefined ? rule : { ...rule, perPage: [tokens, tokens, tokens] };
  }
  const name = comparableModel(mapping?.name ?? model.model);
  const rule = DOCUMENT_RULES.find(({ models }) => models?.test(name));
  if (rule === undefined && mapping !== null) throw unknownMapping('document', mapping.name);
  return rule ?? null;
}

/**
 * The text rule of a model, or the rule `unknown` with its wide band.
 * @throws {InputError} when the configuration names an unknown rule.
 */
export function resolveTextRule(model: TokenModel): ResolvedTextRule {
  const mapping = mappingOf(model, 'text');
  const own = mapping === null ? undefined : textRules[mapping.name];
  if (mapping?.isRule === true && own !== undefined) {
    mappedSettings('text', mapping, {});
    return { name: mapping.name, rule: own };
  }
  const name = comparableModel(mapping?.name ?? model.model);
  const row = TEXT_MODELS.find(({ models }) => models.test(name));
  if (row !== undefined) return { name: row.rule, rule: TEXT_RULES[row.rule] };
  if (mapping !== null) throw unknownMapping('text', mapping.name);
  return { name: 'unknown', rule: TEXT_RULES.unknown };
}

/** The problem of a `tokens` mapping; undefined when it is valid. */
export function tokenMappingProblem(model: TokenModel): InputError | undefined {
  for (const resolve of [resolveImageRule, resolveAudioRule, resolveTextRule, resolveDocumentRule])
    try {
      resolve(model);
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  return undefined;
}
