/** The steps of a stress test as a configuration lists them, and what is wrong with them. */

import type { Problem } from '../../errors.ts';
import type { ImageStress, MediaTransform, SoundStress } from '../../media-transform.ts';
import { STRESS_KINDS, STRESS_NAMES, type StressKind } from '../../stress-kinds.ts';
import { quote } from '../../text/quote.ts';
import type { ModelConfig } from '../../types.ts';
import type { ConfigDocument } from '../document.ts';
import type { ConfigFile } from '../find-config.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from '../tree-problem.ts';
import { type StressLevels, stressSchema } from './stress-schema.ts';

/** One step. */
export interface StressEntry {
  /** Of the variant: `jpeg-90`. */
  readonly id: string;
  readonly stress: ImageStress | SoundStress;
}

/** Of noise, where neither the entry nor the run has one. */
const DEFAULT_SEED = 1;

/** The steps of an entry of `variants`; empty when it is none of stress, or is not valid. `seed` is that of the run. */
export function stressSteps(entry: unknown, seed: number | undefined): readonly StressEntry[] {
  const { data } = stressSchema.safeParse(entry);
  return data === undefined ? [] : stepsOf(data.stress, seed);
}

function stepsOf(levels: StressLevels, runSeed: number | undefined): readonly StressEntry[] {
  const seed = levels.seed ?? runSeed ?? DEFAULT_SEED;
  return STRESS_NAMES.flatMap((kind) =>
    (levels[kind] ?? []).map((level) => ({
      id: `${kind}-${level}`,
      stress: kind === 'noise' || kind === 'snr' ? { kind, level, seed } : { kind, level },
    })),
  );
}

/** The settings of a model for one step. */
export function stressedMedia(media: MediaTransform | undefined, stress: ImageStress | SoundStress): MediaTransform {
  return isOfImages(stress)
    ? { ...media, image: { ...media?.image, stress } }
    : { ...media, audio: { ...media?.audio, stress } };
}

const isOfImages = (stress: ImageStress | SoundStress): stress is ImageStress =>
  STRESS_KINDS[stress.kind].medium === 'image';

/** How many models the entry makes of one. */
export function stressCount(entry: unknown): number {
  return STRESS_NAMES.reduce((count, kind) => count + membersOf(valueAt(entry, ['stress', kind])).length, 0);
}

/** Where the configuration asks for a kind. */
interface Asked {
  readonly kind: StressKind;
  readonly path: TreePath;
}

/** All kinds with their places. */
function askedStress(tree: unknown): readonly Asked[] {
  return membersOf(valueAt(tree, ['variants'])).flatMap(([index]) =>
    STRESS_NAMES.flatMap((kind) => {
      const path = ['variants', index, 'stress', kind];
      return valueAt(tree, path) === undefined ? [] : [{ kind, path }];
    }),
  );
}

/** Steps that are there twice, or have the id of a variant. */
export function repeatedSteps(tree: unknown): readonly TreeProblem[] {
  const seen = new Map<string, TreePath>();
  for (const [index] of membersOf(valueAt(tree, ['variants']))) {
    const id = valueAt(tree, ['variants', index, 'id']);
    if (typeof id === 'string') seen.set(id.normalize('NFC').toLowerCase(), ['variants', index, 'id']);
  }
  return askedStress(tree).flatMap(({ kind, path }) => {
    const own = new Set<unknown>();
    return membersOf(valueAt(tree, path)).flatMap(([index, level]): readonly TreeProblem[] => {
      // Twice in one list is a problem of the list.
      if (own.has(level)) return [];
      own.add(level);
      const key = `${kind}-${String(level)}`.toLowerCase();
      const first = seen.get(key);
      const at = [...path, index];
      if (first === undefined) seen.set(key, at);
      return first === undefined
        ? []
        : [{ path: at, message: `duplicate id ${quote(`${kind}-${level}`)} (first used in ${pathText(first)})` }];
    });
  });
}

/** Kinds whose medium no model takes; none while a model is not valid. */
export function untakenStress(
  tree: unknown,
  parts: { readonly models: readonly { readonly isJudge: boolean; readonly models: readonly ModelConfig[] }[] },
): readonly TreeProblem[] {
  if (parts.models.length < membersOf(valueAt(tree, ['models'])).length) return [];
  const models = parts.models.flatMap((entry) => (entry.isJudge ? [] : entry.models));
  return askedStress(tree).flatMap(({ kind, path }): readonly TreeProblem[] => {
    const { medium } = STRESS_KINDS[kind];
    if (models.some(({ modalities }) => modalities.includes(medium))) return [];
    return [
      {
        path,
        at: 'name',
        message: `${pathText(path)} changes ${medium}, which no model takes`,
        hint: `leave it out, or add ${medium} to the modalities of a model`,
      },
    ];
  });
}

/** Places by kind, the first of each. */
export type StressPositions = ReadonlyMap<StressKind, Pick<Problem, 'file' | 'line' | 'column'>>;

export function stressPositions(
  tree: unknown,
  { displayPath, isCommandLine }: Pick<ConfigFile, 'displayPath' | 'isCommandLine'>,
  locate: ConfigDocument['locate'],
): { readonly stressAt?: StressPositions } {
  const asked = askedStress(tree).toReversed();
  if (isCommandLine === true || asked.length === 0) return {};
  const places = asked.map(({ kind, path }) => [kind, { file: displayPath, ...locate(path, 'name') }] as const);
  return { stressAt: new Map(places) };
}
