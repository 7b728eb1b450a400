/** Objects whose optional members are absent instead of undefined. */

type OptionalNames<T> = { [Name in keyof T]: undefined extends T[Name] ? Name : never }[keyof T];

/** The members of `T`; those that may be undefined are optional instead. */
export type Defined<T> = Omit<T, OptionalNames<T>> & {
  [Name in OptionalNames<T> & keyof T]?: Exclude<T[Name], undefined>;
};

/**
 * Leaves out the members that are undefined, for types whose optional members must not be undefined
 * (`exactOptionalPropertyTypes`). Not for objects that are made for every request: their shape depends on the members.
 * @example defined({ message, hint: near && `did you mean ${near}?` })
 */
export function defined<T extends object>(members: T): Defined<T>;
export function defined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
