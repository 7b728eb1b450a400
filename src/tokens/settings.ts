/** Parses the settings of a rule in their usual spellings: `dynamic_hd=16`, `min 64 max 16384 tokens`, `280 budget`, `1568 px / 1568 tokens`. */

/** The constants of a rule by name; switches are 0 or 1. */
export type Settings = Readonly<Record<string, number>>;

/** Other spellings of a rule's settings, keyed by {@link settingKey}. */
export type SettingAliases = Readonly<Record<string, string>>;

/** Normalises a name: `max_pixels`, `maxPixels` and `max-pixels` are equal. */
function settingKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

interface NamedNumber {
  readonly name: string;
  readonly value: number;
}

const UNIT = /\b(px|pixels|tokens)\b/i;
const NAME_THEN_NUMBER = /([a-z][a-z_]*)\s*=?\s*(\d+(?:\.\d+)?(?:[\^*]\d+)*)/gi;
const NUMBER_THEN_NAME = /^\s*[^\d]*?(\d+(?:\.\d+)?)[\s-]*([a-z][a-z -]*)/i;

/** Every number in the text with its name; `min` and `max` get the unit of their clause (`maxtokens`, `minpx`). */
export function readSettings(text: string): readonly NamedNumber[] {
  const clauses = text.replace(/(\d),(?=\d{3}(?!\d))/g, '$1').split(/[,;/()]+/);
  return clauses.flatMap((clause) => {
    const unit = UNIT.exec(clause)?.[1] ?? '';
    const named = [...clause.matchAll(NAME_THEN_NUMBER)].map(([, name = '', figure = '']) => ({
      name: settingKey(/^(min|max)$/i.test(name) ? name + unit : name),
      value: figureOf(figure),
    }));
    if (named.length > 0) return named;
    const [, value, name] = NUMBER_THEN_NAME.exec(clause) ?? [];
    return value === undefined || name === undefined ? [] : [{ name: settingKey(name), value: Number(value) }];
  });
}

/** Numbers, products and powers, as in configurations of processors: `1280*28*28`, `512^2`. */
function figureOf(figure: string): number {
  return figure
    .split('*')
    .map((factor) => factor.split('^').map(Number))
    .reduce((product, [base = 0, power = 1]) => product * base ** power, 1);
}

/** The settings of a rule in the text, and names in the text that are not settings of the rule. */
export function matchSettings(
  text: string,
  defaults: Settings,
  aliases: SettingAliases = {},
): { readonly settings: Settings; readonly unknown: readonly string[] } {
  const known = new Map(Object.keys(defaults).map((name) => [settingKey(name), name]));
  for (const [alias, name] of Object.entries(aliases)) known.set(alias, name);
  const settings: Record<string, number> = {};
  const unknown: string[] = [];
  for (const { name, value } of readSettings(text)) {
    const setting = known.get(name);
    if (setting === undefined) unknown.push(name);
    else settings[setting] = value;
  }
  return { settings, unknown };
}

/** The parts of a `detail`: a level, a date that selects the version of a rule, and settings. */
export interface Detail {
  /** Lower case; null = none. */
  readonly level: string | null;
  /** ISO date; null = today's rules. */
  readonly at: string | null;
  /** The text, for {@link matchSettings}. */
  readonly text: string;
}

/** `(2025-rule)` means the rules at the end of that year, `(2026-autumn-rule)` those at the end of that season. */
const ERA = /\((\d{4})(?:-(spring|summer|autumn))?-rule\)/i;
const ERA_END: Readonly<Record<string, string>> = { spring: '05-31', summer: '08-31', autumn: '11-30' };

/** Parses `low`, `MEDIA_RESOLUTION_LOW`, `high (2025-rule)`, `pan_and_scan (crops=2)`, `dynamic_hd=36`. */
export function readDetail(detail: string | null | undefined): Detail {
  const whole = detail ?? '';
  const era = ERA.exec(whole);
  const text = whole.replace(ERA, '').trim();
  const level = /^([a-z_]+)(?![a-z_]|\s*=|\s*\d)/i
    .exec(text)?.[1]
    ?.toLowerCase()
    .replace(/^media_resolution_/, '');
  return {
    level: level ?? null,
    at: era === null ? null : `${era[1]}-${ERA_END[era[2]?.toLowerCase() ?? ''] ?? '12-31'}`,
    text,
  };
}
