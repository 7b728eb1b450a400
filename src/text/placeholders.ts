/** Placeholders in a template, such as `{{prompt}}`. */

/** The blanks around a name are removed afterwards: a pattern that skips them takes cubic time for a run of blanks. */
const PLACEHOLDER = /\{\{([^{}]+)\}\}/g;

/** The names in a template, in order, without the blanks around them. */
export function placeholdersOf(template: string): readonly string[] {
  return Array.from(template.matchAll(PLACEHOLDER), ([, name = '']) => name.trim());
}

/** A template with each placeholder replaced by the value of its name. */
export function fillPlaceholders(template: string, value: (name: string) => string): string {
  return template.replace(PLACEHOLDER, (_, name: string) => value(name.trim()));
}
