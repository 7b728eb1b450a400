/** What it takes to see a difference, for people. */

import { NONE, percent } from '../../reporters/figures-for-people.ts';
import { counted } from '../../text/counted.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { textTable } from '../../text/text-table.ts';
import { count, minutes, writeUsd } from '../estimate-table.ts';
import { type Detection, type DetectionRow, MOST_REPEATS, type Need, type PairDetection } from './detection.ts';

const HEAD = ['repeats', 'samples', 'calls', 'cost', 'minutes', 'unpaired', 'calls', 'cost', 'minutes'];

/** A head, a table for each pair, and what the figures rest on; each line is escaped. */
export function detectionTable(detection: Detection): string {
  return [
    `\n${head(detection)}\n${basis(detection)}\n`,
    ...detection.pairs.map((pair) => pairBlock(pair, detection)),
    '\nunpaired: samples of each model, if they were asked different ones · cost and minutes: as of the samples of this manifest\n',
  ].join('');
}

function head({ difference, power, alpha, alphaOfPair, pairs }: Detection): string {
  const split = pairs.length === 1 ? '' : ` (${level(alphaOfPair)} for each of ${pairs.length} pairs)`;
  return `to show a difference of ${points(difference)} in score_all in ${Math.round(power * 1000) / 10}% of runs, with alpha ${level(alpha)}${split}`;
}

function basis({ source }: Detection): string {
  if ('pilot' in source)
    return escapeTerminal(
      `measured in ${source.pilot}: ${counted(source.samples, 'sample')}, ${counted(source.repeats, 'repeat')} · samples in brackets: if the scores vary as little, or as much, as a pilot of this size allows (95 %)`,
    );
  const stated = Object.entries(source.assumed).map(([name, value]) => `${name}=${value}`);
  return `assumed, not measured: ${stated.join(', ')}`;
}

function pairBlock(pair: PairDetection, detection: Detection): string {
  const { a, b, discordant, deviation, rows } = pair;
  const spread = [
    ...(discordant === null ? [] : [`only one of them passes ${percent(discordant)} of the samples`]),
    `deviation of the differences ${deviation.toFixed(3)}`,
  ].join(', ');
  return [
    `\n${escapeTerminal(`${b} against ${a}`)}: ${spread}\n`,
    textTable([HEAD, ...rows.map(row)], 'rrrrrrrrr', '  '),
    ...notes(pair, detection).map((note) => `  ${note}\n`),
  ].join('');
}

function row({ repeats, paired, unpaired }: DetectionRow): readonly string[] {
  return [String(repeats), ...need(paired), ...(unpaired === null ? [NONE, NONE, NONE, NONE] : need(unpaired))];
}

function need({ samples, samplesLow, samplesHigh, calls, costUsd, minutes: time }: Need): readonly string[] {
  const bounds = samplesLow === null || samplesHigh === null ? '' : ` (${count(samplesLow)} to ${count(samplesHigh)})`;
  return [`${count(samples)}${bounds}`, count(calls), writeUsd(costUsd), time === null ? NONE : minutes(time)];
}

function notes(pair: PairDetection, { samples, repeat, difference, source }: Detection): readonly string[] {
  const { visible, repeatsOfManifest, rows } = pair;
  const sees = visible === null ? 'see no difference' : `see ${points(visible)}`;
  const isKnown = rows.length > 1;
  const most = isKnown
    ? `${points(difference)} not even with ${MOST_REPEATS} repeats`
    : `${points(difference)} not without more samples`;
  const with_ =
    repeatsOfManifest === null ? most : `${points(difference)} with ${counted(repeatsOfManifest, 'repeat')}`;
  return [
    `the ${counted(samples, 'sample')} of the manifest ${sees} with ${counted(repeat, 'repeat')}, ${with_}`,
    ...(isKnown
      ? []
      : [
          `repeats: what they gain is not known · ${'pilot' in source ? 'ask a pilot with --repeat 2' : 'assume noise=...'}`,
        ]),
  ];
}

/** 0.03 is `3 points`. */
function points(difference: number): string {
  const value = Math.round(difference * 1000) / 10;
  return value === 1 ? '1 point' : `${value} points`;
}

function level(alpha: number): string {
  return String(Math.round(alpha * 1e5) / 1e5);
}
