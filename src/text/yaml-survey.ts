/** Looks through a YAML document once for what its parser checks in quadratic time: repeated names, and aliases. */

import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml';

/** Turns the parser's own check of names off; it compares each name with every other one. */
export const WITHOUT_KEY_CHECK = { uniqueKeys: false } as const;

/** Turns the parser's own count of aliases off; it goes through the document for every alias in an anchored value. */
export const WITHOUT_ALIAS_CHECK = { maxAliasCount: -1 } as const;

/** To make a value of an alias, the parser looks for its anchor among all of these. */
const MAX_REFERENCES = 10_000;

/** Values that aliases may add to those of the document, in all. */
const MAX_ADDED_VALUES = 1_000_000;

/** A fault in the shape of the parser's own errors. */
export interface RepeatedName {
  readonly code: 'DUPLICATE_KEY';
  readonly message: string;
  readonly pos: readonly [number, number];
}

export interface YamlSurvey {
  /** Every name that its mapping has already, in the order of the document. */
  readonly repeated: readonly RepeatedName[];
  /** The most that one anchored value is used, counting uses within other aliases; infinite for too many aliases in all. */
  readonly uses: number;
}

/** @throws {RangeError} when the nesting exhausts the stack. */
export function surveyYaml(document: Document.Parsed): YamlSurvey {
  const survey = new Survey();
  survey.walk(document.contents);
  const tooMany = survey.references > MAX_REFERENCES || survey.added > MAX_ADDED_VALUES;
  return { repeated: survey.repeated, uses: tooMany ? Number.POSITIVE_INFINITY : survey.uses };
}

/** An anchored value. */
interface Anchored {
  readonly node: Node;
  /** The value itself and each alias of it. */
  count: number;
  /** The most that a value within it is used, once it is used itself. */
  weight: number;
  /** Values in it with its aliases written out; 0 while it is read. */
  size: number;
}

class Survey {
  readonly repeated: RepeatedName[] = [];
  references = 0;
  uses = 0;
  added = 0;
  /** The latest of each name. */
  readonly #anchors = new Map<string, Anchored>();

  /** Returns the number of values in a node with its aliases written out. */
  walk(node: unknown): number {
    if (isAlias(node)) return this.#use(node.source);
    if (isPair(node)) return this.walk(node.key) + this.walk(node.value);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return 1;
    const anchored = this.#anchor(node);
    let size = 1;
    if (isMap(node)) this.#findRepeated(node.items.map(({ key }) => key));
    if (!isScalar(node)) for (const item of node.items) size += this.walk(item);
    if (anchored !== undefined) anchored.size = size;
    return size;
  }

  #anchor(node: Node & { anchor?: string | undefined }): Anchored | undefined {
    if (node.anchor === undefined) return undefined;
    this.references += 1;
    const anchored = { node, count: 1, weight: 0, size: 0 };
    this.#anchors.set(node.anchor, anchored);
    return anchored;
  }

  /** An alias without an anchor is another fault. */
  #use(name: string): number {
    this.references += 1;
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) return 1;
    anchored.count += 1;
    if (anchored.weight === 0) anchored.weight = this.#weightOf(anchored.node);
    this.uses = Math.max(this.uses, anchored.count * anchored.weight);
    this.added += anchored.size;
    return anchored.size;
  }

  #weightOf(node: unknown): number {
    if (isAlias(node)) {
      const anchored = this.#anchors.get(node.source);
      return anchored === undefined ? 0 : anchored.count * anchored.weight;
    }
    if (isPair(node)) return Math.max(this.#weightOf(node.key), this.#weightOf(node.value));
    if (!isMap(node) && !isSeq(node)) return 1;
    return node.items.reduce<number>((most, item) => Math.max(most, this.#weightOf(item)), 0);
  }

  #findRepeated(keys: readonly unknown[]): void {
    const seen = new Set<unknown>();
    for (const key of keys) {
      if (!isScalar(key)) continue;
      const [start = 0, end = 0] = key.range ?? [];
      if (seen.has(key.value))
        this.repeated.push({ code: 'DUPLICATE_KEY', message: 'Map keys must be unique', pos: [start, end] });
      seen.add(key.value);
    }
  }
}
