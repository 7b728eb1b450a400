/** Sorts the members of JSON values, so that equal values have equal texts. */

import { isRecord } from './is-record.ts';

/** A copy of a JSON value with the members of all mappings sorted by name; lists keep their order. */
export function sortedMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedMembers);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sortedMembers(value[name])]),
  );
}
