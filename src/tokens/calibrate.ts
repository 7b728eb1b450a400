/** Fits an estimate to reported tokens: finds the image and audio rule of an endpoint, and an offset and slope for the rest. */

import { defined } from '../collections/defined.ts';
import { type AudioFacts, audioTokens } from './audio-tokens.ts';
import { AUDIO_CANDIDATES, IMAGE_CANDIDATES, type RuleCandidate } from './candidates.ts';
import { type FitPoint, type FittedLine, fitLine } from './fit-line.ts';
import { type ImageFacts, imageTokens } from './image-tokens.ts';
import type { TokenModel } from './resolve-rule.ts';
import type { EstimateParts } from './token-estimate.ts';
import { banded, type TokenEstimate } from './token-estimate.ts';

/** One answered request: its content and the prompt tokens that the endpoint reported. */
export interface Observation {
  readonly reported: number;
  /** Our uncalibrated estimate of text and template. */
  readonly text: number;
  readonly images: readonly ImageFacts[];
  readonly clips: readonly AudioFacts[];
}

/** A line, with its rule if one fits better than the model's own. */
interface PartCalibration extends FittedLine {
  /** A value for `tokens.image` or `tokens.audio`; null = the model's own rule. */
  readonly rule: string | null;
}

/** The calibration of one model; a part without enough samples is null. */
export interface ModelCalibration {
  /** Shown beside estimates that use it, e.g. the run that it was fitted to. */
  readonly name: string;
  readonly text: PartCalibration | null;
  readonly image: PartCalibration | null;
  readonly audio: PartCalibration | null;
}

/** More samples hardly change a line, and every rule is tried on each of them. */
const MAX_OBSERVATIONS = 1000;

/** At most that many, spread evenly over the manifest. */
function thinned<T>(all: readonly T[]): readonly T[] {
  const step = all.length / MAX_OBSERVATIONS;
  return step <= 1
    ? all
    : Array.from({ length: MAX_OBSERVATIONS }, (_, index) => all[Math.floor(index * step)]).flatMap((one) => one ?? []);
}

/** Fits text on the samples without media, then images and audio on what the text leaves of the samples with them. */
export function calibrate(model: TokenModel, observations: readonly Observation[], name: string): ModelCalibration {
  const plain = observations.filter(({ images, clips }) => images.length === 0 && clips.length === 0);
  const line = fitLine(plain.map(({ text, reported }) => ({ units: 1, estimated: text, reported })));
  const text = line === null ? null : { ...line, rule: null };
  const textOf = (observation: Observation) => (text === null ? observation.text : applied(text, 1, observation.text));
  const leftOver = observations.map((observation) => ({
    ...observation,
    reported: observation.reported - textOf(observation),
  }));
  const withImages = thinned(leftOver.filter(({ images, clips }) => images.length > 0 && clips.length === 0));
  const image = bestFit(model, 'image', IMAGE_CANDIDATES, (tokens) =>
    withImages.map(({ images, reported }) => ({
      units: images.length,
      estimated: sum(images.map((facts) => imageTokens(tokens, facts).expected)),
      reported,
    })),
  );
  const withClips = thinned(leftOver.filter(({ images, clips }) => clips.length > 0 && images.length === 0));
  const audio = bestFit(model, 'audio', AUDIO_CANDIDATES, (tokens) =>
    withClips.map(({ clips, reported }) => ({
      units: clips.length,
      estimated: sum(clips.map((facts) => audioTokens(tokens, facts).expected)),
      reported,
    })),
  );
  return { name, text, image, audio };
}

/** With a smaller mean error, in tokens, a rule is the one of the endpoint. */
const EXACT_ERROR = 0.5;
/** The residual of another rule must be below this share of the own rule's, or the difference may be chance. */
const CLEARLY_BETTER = 0.5;

function bestFit(
  model: TokenModel,
  kind: 'image' | 'audio',
  candidates: readonly RuleCandidate[],
  pointsWith: (model: TokenModel) => readonly FitPoint[],
): PartCalibration | null {
  const own = fitLine(pointsWith(model));
  if (own === null || own.errorBefore < EXACT_ERROR) return own === null ? null : unchanged(own, null);
  let best: PartCalibration = { ...own, rule: null };
  for (const { mapping } of candidates) {
    const line = fitLine(pointsWith({ ...model, tokens: { ...model.tokens, [kind]: mapping } }));
    if (line === null) continue;
    if (line.errorBefore < EXACT_ERROR) return unchanged(line, mapping);
    if (line.residual < best.residual && line.residual < own.residual * CLEARLY_BETTER)
      best = { ...line, rule: mapping };
  }
  return best;
}

/** An exact rule needs no line: fitting one would only add noise. */
function unchanged(line: FittedLine, rule: string | null): PartCalibration {
  return { ...line, rule, offset: 0, slope: 1, errorAfter: line.errorBefore };
}

function applied({ offset, slope }: FittedLine, units: number, estimated: number): number {
  return Math.max(0, offset * units + slope * estimated);
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The model with the rules that its calibration found. */
export function calibratedModel<M extends TokenModel>(model: M, calibration: ModelCalibration | undefined): M {
  const image = calibration?.image?.rule ?? null;
  const audio = calibration?.audio?.rule ?? null;
  if (image === null && audio === null) return model;
  return {
    ...model,
    tokens: { ...model.tokens, ...defined({ image: image ?? undefined, audio: audio ?? undefined }) },
  };
}

/** Applies the fitted lines to an estimate, except to the length of the answer. */
export function calibratedParts(
  parts: EstimateParts,
  counts: { readonly images: number; readonly clips: number },
  calibration: ModelCalibration | undefined,
): EstimateParts {
  if (calibration === undefined) return parts;
  const { text, image, audio, name } = calibration;
  return {
    ...parts,
    ...(text === null ? {} : textOnLine(parts, text, name)),
    image: image === null || counts.images === 0 ? parts.image : fitted(parts.image, counts.images, image, name),
    audio: audio === null || counts.clips === 0 ? parts.audio : fitted(parts.audio, counts.clips, audio, name),
  };
}

/** The line was fitted to text and template together: the template keeps its count, the text gets the rest and the band. */
function textOnLine({ text, template }: EstimateParts, line: FittedLine, name: string) {
  const shifted = applied(line, 1, text.expected + template.expected);
  const framing = Math.min(template.expected, Math.round(shifted));
  return {
    text: onLine(text, shifted - framing, line, name),
    template: banded(framing, [framing, framing], template.rule, template.confidence),
  };
}

function fitted(estimate: TokenEstimate, units: number, line: FittedLine, name: string): TokenEstimate {
  return onLine(estimate, applied(line, units, estimate.expected), line, name);
}

/** About 95 % of the fitted samples are within twice the residual. */
const RESIDUALS = 2;

function onLine({ rule }: TokenEstimate, expected: number, { residual }: FittedLine, name: string): TokenEstimate {
  const spread = RESIDUALS * residual;
  return banded(expected, [expected - spread, expected + spread], `${rule} (calibrated: ${name})`, 'close');
}
