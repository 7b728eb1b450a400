/** Every command: one file and one entry. The entry is what `earsight --help` shows; the file is loaded when the command is used. */

import type { CommandEntry } from '../command.ts';

export const COMMANDS = {
  init: {
    usage: 'init',
    describe: 'write a commented earsight.config.yaml with an example that runs at once, or one for a dataset of yours',
    load: async () => (await import('./together/before-runs.ts')).initCommand,
  },
  run: {
    usage: 'run [config]',
    describe: 'send every sample to every model, keep the answers, write the comparison',
    load: async () => (await import('./run.ts')).runCommand,
  },
  probe: {
    usage: 'probe [config]',
    describe: 'send each model a few tiny calls: what its endpoint is, takes and answers',
    load: async () => (await import('./together/before-runs.ts')).probeCommand,
  },
  validate: {
    usage: 'validate [config]',
    describe: 'check manifest, media, model capabilities and keys; nothing is sent',
    load: async () => (await import('./together/before-runs.ts')).validateCommand,
  },
  convert: {
    usage: 'convert <dataset>',
    describe: 'write a dataset of another tool, or any other, as a manifest: JSONL with its media beside it',
    load: async () => (await import('./together/before-runs.ts')).convertCommand,
  },
  estimate: {
    usage: 'estimate [config]',
    describe: 'tokens by modality and cost per model; nothing is sent, no keys are needed',
    load: async () => (await import('./together/before-runs.ts')).estimateCommand,
  },
  calibrate: {
    usage: 'calibrate <run>',
    describe: 'fit the estimate to what the endpoints of a run reported; nothing is sent',
    load: async () => (await import('./calibrate.ts')).calibrateCommand,
  },
  report: {
    usage: 'report <run>',
    describe: "write a run's reports again from its journal; nothing is sent",
    load: async () => (await import('./together/finished-runs.ts')).reportCommand,
  },
  score: {
    usage: 'score <run>',
    describe: 'score the kept answers of a run again, with other scorers or targets; only judges are asked',
    load: async () => (await import('./together/finished-runs.ts')).scoreCommand,
  },
  compare: {
    usage: 'compare <run> [second]',
    describe: 'which model is better, on the same samples: two models of a run, or two runs; nothing is sent',
    load: async () => (await import('./together/finished-runs.ts')).compareCommand,
  },
  show: {
    usage: 'show <run> [sample]',
    describe: 'print one sample whole, or all failures: prompt, media, answers, scores, attempts, cost',
    load: async () => (await import('./show.ts')).showCommand,
  },
  view: {
    usage: 'view [run]',
    describe: 'look at reports in a browser: serves a results folder on loopback, read-only, until it is stopped',
    load: async () => (await import('./together/finished-runs.ts')).viewCommand,
  },
  gate: {
    usage: 'gate <run>',
    describe:
      'judge a run by its gates and a baseline: exit code 1 when it is worse; asks a model again after an alarm',
    load: async () => (await import('./together/finished-runs.ts')).gateCommand,
  },
  baseline: {
    usage: 'baseline <action> <runs..>',
    describe: 'baseline set RUN...: keep the values of runs, for gates of later runs; nothing is sent',
    load: async () => (await import('./together/finished-runs.ts')).baselineCommand,
  },
  worker: {
    usage: 'worker',
    describe: 'ask the models for a run that another machine coordinates (run --queue URL); any number of machines',
    load: async () => (await import('./together/queue.ts')).workerCommand,
  },
  status: {
    usage: 'status',
    describe: 'how far the run in a queue is: cells, failures, workers, tokens a minute, money; nothing is sent',
    load: async () => (await import('./together/queue.ts')).statusCommand,
  },
  batch: {
    usage: 'batch <action> <run>',
    describe: "submit, status, collect or cancel: a run through its providers' batch APIs, often at half the price",
    load: async () => (await import('./batch/batch.ts')).batchCommand,
  },
  merge: {
    usage: 'merge <runs..>',
    describe: 'make one run of the shards that several machines ran (run --shard 2/8); nothing is sent',
    load: async () => (await import('./together/finished-runs.ts')).mergeCommand,
  },
  models: {
    usage: 'models [pattern]',
    describe: 'what is known of models offline: what they take, limits, token rules, prices, dates; nothing is sent',
    load: async () => (await import('./models.ts')).modelsCommand,
  },
  schema: {
    usage: 'schema [what]',
    describe: 'print the JSON Schema (draft-07) of the configuration or of manifest rows',
    load: async () => (await import('./together/before-runs.ts')).schemaCommand,
  },
  serve: {
    usage: 'serve',
    describe: 'start the embedded endpoint on loopback until it is stopped',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
} as const satisfies Record<string, CommandEntry>;
