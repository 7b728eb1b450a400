/** Finds the gates of a run: in the configuration that the user names or that is found, else in the run's own record. */

import { DEFAULTS } from '../config/defaults.ts';
import { configsFound } from '../config/find-config.ts';
import { DEFAULT_MARGIN, type Gate, gateProblems, gatesOf, gatesSchema } from '../config/gate-schema.ts';
import { loadConfig } from '../config/load-config.ts';
import { InputError } from '../errors.ts';
import type { Io } from '../io.ts';
import type { RunInfo } from '../report.ts';
import { isRecord } from '../text/is-record.ts';
import { maxErrorRateOf } from './set-baseline.ts';

export interface GateSettings {
  /** Those of the configuration; null = it has none. */
  readonly gates: readonly Gate[] | null;
  readonly maxErrorRate: number;
  /** Names of the reporters of the run. */
  readonly reporters: readonly string[];
}

/** Without gates in the configuration: a baseline is there to be kept. */
const DEFAULT_GATES: readonly Gate[] = [{ metric: 'score', level: 'error', margin: DEFAULT_MARGIN }];

/** @throws {InputError} for a configuration that is not valid. */
export async function loadGates(
  config: string | undefined,
  info: RunInfo,
  { cwd, env, allowCode }: Pick<Io, 'cwd' | 'env' | 'allowCode'>,
): Promise<GateSettings> {
  if (config !== undefined || (await configsFound(cwd)).length > 0) {
    const { gates, maxErrorRate, reporters } = await loadConfig(config, { cwd, env, allowCode, requireKeys: false });
    return { gates, maxErrorRate, reporters };
  }
  const written = isRecord(info.config) ? info.config['gates'] : undefined;
  const parsed = written === undefined ? undefined : gatesSchema.safeParse(written);
  if (parsed?.error !== undefined || gateProblems(info.config).length > 0)
    throw new InputError({
      message: 'the gates that the run recorded are not valid',
      hint: 'name a configuration with --config',
    });
  return {
    gates: parsed === undefined ? null : gatesOf(parsed.data),
    maxErrorRate: maxErrorRateOf(info),
    reporters: recordedReporters(info),
  };
}

function recordedReporters({ config }: RunInfo): readonly string[] {
  const written = isRecord(config) ? config['reporters'] : undefined;
  return Array.isArray(written) ? written.map(String) : DEFAULTS.reporters;
}

/**
 * The gates to judge, and a sentence for each that cannot be.
 * @throws {InputError} when nothing is left to judge.
 */
export function usableGates(gates: readonly Gate[] | null, hasBaseline: boolean) {
  if (hasBaseline) return { gates: gates ?? DEFAULT_GATES, notes: [] };
  const list = gates ?? [];
  const needing = list.filter(needsBaseline).map(({ metric }) => metric);
  if (list.length === needing.length && list.every((gate) => gate.min === undefined && gate.max === undefined))
    throw new InputError({
      message: 'no --baseline given, and no gate has a min or a max',
      hint: 'write a baseline with earsight baseline set RUN, then name it',
    });
  return {
    gates: list,
    notes: needing.map((metric) => `${metric}: not compared, because no --baseline is given`),
  };
}

export function needsBaseline({ margin, maxIncrease }: Gate): boolean {
  return margin !== undefined || maxIncrease !== undefined;
}
