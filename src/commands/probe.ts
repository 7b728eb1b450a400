/** `earsight probe`: sends a few small calls to each model to find out what its endpoint accepts and answers. */

import { defined } from '../collections/defined.ts';
import { type Command, flag, list, text } from '../command.ts';
import { loadConfig } from '../config/load-config.ts';
import { baseModelId, selectModels } from '../config/select-models.ts';
import { createMediaLoader } from '../dataset/media-loader.ts';
import { EXIT } from '../errors.ts';
import type { Io } from '../io.ts';
import { systemClock } from '../limits/clock.ts';
import { withLocalEndpoint } from '../local/local-endpoint.ts';
import { retirementWarnings } from '../models/retirement.ts';
import { announcementsOf, notesOf, providerOf } from '../plan/model-provider.ts';
import { openProber, type ProbeContext, type Prober } from '../probe/probe-calls.ts';
import { probeJson } from '../probe/probe-json.ts';
import { maxCalls, probeModel, settingsOf } from '../probe/probe-model.ts';
import type { ProbeReport } from '../probe/probe-report.ts';
import { probeText } from '../probe/probe-text.ts';
import { probeTokens, TOKEN_CALLS, tokenSettings } from '../probe/probe-tokens.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import type { ModelConfig } from '../types.ts';

export const probeCommand: Command = {
  example: ['earsight probe --model phi-4-mm', 'check key, route and media before a run'],
  positionals: { config: 'configuration file (default: earsight.config.yaml in this folder or one above)' },
  options: {
    model: { type: 'array', describe: 'probe only these models (default: all)' },
    tokens: {
      type: 'boolean',
      describe: 'send four other calls, which find out how image tokens are counted',
      default: false,
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of text', default: false },
  },
  async run(args, io) {
    const wanted = list(args, 'model');
    const json = flag(args, 'json');
    const tokens = flag(args, 'tokens');
    const config = await loadConfig(text(args, 'config'), {
      cwd: io.cwd,
      env: io.env,
      allowCode: io.allowCode,
      // No manifest is read. Any name will do, so that a configuration without a manifest can be probed.
      dataset: 'manifest.csv',
      ...(wanted.length === 0 ? {} : { models: wanted }),
    });
    const models = onePerEndpoint(selectModels(config.models, wanted));
    const notes = [
      ...retirementWarnings(models, (io.now ?? Date.now)()),
      ...models.flatMap(announcementsOf),
      ...models.flatMap(notesOf),
    ];
    for (const note of notes) io.stderr.write(`warning: ${escapeTerminal(note)}\n`);
    const counts = models.map((model) => ({ id: model.id, calls: tokens ? TOKEN_CALLS : maxCalls(model) }));
    const total = counts.reduce((sum, { calls }) => sum + calls, 0);
    io.stderr.write(`sends at most ${total} calls: ${counts.map(({ id, calls }) => `${calls} to ${id}`).join(', ')}\n`);
    const context: ProbeContext = {
      providers: defined({ env: config.env, media: createMediaLoader(), credential: io.credential }),
      clock: systemClock,
      stop: io.stop,
    };
    const reports: ProbeReport[] = [];
    // Open all models before the first call: a model that cannot be called is reported before anything is paid for.
    const endpoint = await withLocalEndpoint(models);
    const probers = await Promise.all(endpoint.models.map((model) => openProber(model, context)));
    try {
      for (const prober of probers) {
        const report = await probeOne(prober, tokens);
        if (!json) io.stdout.write(`${reports.length === 0 ? '' : '\n'}${probeText(report)}`);
        reports.push(report);
      }
    } catch (error) {
      if (error !== io.stop.reason) throw error;
    } finally {
      await Promise.all(probers.map((prober) => prober.close()));
      await endpoint.close();
    }
    if (json) io.stdout.write(probeJson(reports));
    return io.stop.aborted ? Number(io.stop.reason) : exitCodeOf(reports, io);
  },
};

/** Variants of a model use the same endpoint: only the first of them is probed. */
function onePerEndpoint(models: readonly ModelConfig[]): readonly ModelConfig[] {
  const bases = models.map(({ id }) => baseModelId(id));
  return models.filter((_, index) => bases.indexOf(bases[index] ?? '') === index);
}

async function probeOne(prober: Prober, tokens: boolean): Promise<ProbeReport> {
  const { model, calls } = prober;
  const provider = providerOf(model);
  const about = { model, url: provider.url(model), auth: provider.auth(model), calls };
  if (tokens) {
    const found = await probeTokens(prober);
    const image = { about: 'image tokens', ...found } as const;
    return { ...about, listing: undefined, found: image, settings: tokenSettings(model, found) };
  }
  const found = await probeModel(prober);
  const listing = await prober.listing();
  return { ...about, listing, found: { about: 'content', ...found }, settings: settingsOf(model, found) };
}

function exitCodeOf(reports: readonly ProbeReport[], io: Io): number {
  const silent = reports.filter(({ found }) => found.text !== true).map(({ model }) => model.id);
  if (silent.length === 0) return EXIT.done;
  io.stderr.write(`no answer to text: ${silent.join(', ')} · the failed calls say why\n`);
  return EXIT.incomplete;
}
