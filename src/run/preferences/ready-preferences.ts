/** From the choices of a user to a judge that can be asked about pairs of answers: configuration, manifest, keys, budget. */

import { defined } from '../../collections/defined.ts';
import { InputError } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { checkSetup, openSetup, type PreparedSetup } from '../../plan/prepare.ts';
import { withRecorded } from '../../plan/recorded-selection.ts';
import type { RunInfo } from '../../report.ts';
import { suggest } from '../../text/nearest-name.ts';
import { quote } from '../../text/quote.ts';
import { judgeBudgetProblems } from '../judging/open-judges.ts';
import { type Judging, openJudgeSetup, type ReadyJudges } from '../judging/ready-judges.ts';

export interface JudgeChoice {
  /** Id of the judge. */
  readonly judge: string;
  /** As the user wrote them; absent = those of the run. */
  readonly config?: string | undefined;
  readonly dataset?: string | undefined;
  readonly judging: Pick<Judging, 'maxCostUsd' | 'say'>;
}

export interface ReadyPreferences {
  readonly prepared: PreparedSetup;
  readonly judges: Omit<ReadyJudges, 'mayAsk'>;
}

/** Nothing is sent or written. @throws {InputError} with all problems of the choice, the configuration and the manifest. */
export async function readyPreferences(
  { directory, info }: { readonly directory: string; readonly info: RunInfo },
  { judge: id, config, dataset, judging }: JudgeChoice,
  io: Io,
): Promise<ReadyPreferences> {
  const { model: _, endpoint: _endpoint, ...recorded } = info.selection;
  const selection = await withRecorded(defined({ config, dataset }), recorded, {
    directory,
    cwd: io.cwd,
    options: { config: 'with --config', dataset: 'with --dataset' },
  });
  const opened = await openSetup(selection, io, { requireKeys: false });
  const ids = opened.config.judges.map((judge) => judge.id);
  const judge = opened.config.judges.find((one) => one.id === id);
  if (judge === undefined)
    throw new InputError({
      message: `--judge ${quote(id)}: there is no such judge`,
      hint: ids.length === 0 ? 'give a model of the configuration `role: judge`, and name its id' : suggest(id, ids),
    });
  const prepared = await checkSetup({ ...opened, models: [], config: { ...opened.config, scorers: [] } }, selection);
  const setup = await openJudgeSetup([judge], selection, io);
  const maxCostUsd = judging.maxCostUsd ?? setup.config.maxCost ?? null;
  const problems = judgeBudgetProblems(maxCostUsd, setup);
  if (problems.length > 0) throw new InputError(problems);
  return { prepared, judges: { ...judging, maxCostUsd, setup } };
}
