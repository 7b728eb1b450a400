/** Collects the media of a page: each once, whatever samples have it, and no more than fit. */

import { mediaOfCard } from '../../modalities.ts';
import type { KeptSound, Result } from '../../result.ts';
import type { ReportMedia, ShownMedia } from '../../shown-media.ts';
import { counted } from '../../text/counted.ts';
import type { PageMedia } from './page-data.ts';

/** Bytes of media in one page. */
const MAX_MEDIA_BYTES = 25 * 2 ** 20;

/** Which of several files has changed is not known: the key is of all of them. */
const CHANGED = 'has changed since the run, and is not what was asked';
const ONE_CHANGED = 'of the media of this sample, one or more have changed since the run';

export interface PageMediaStore {
  ofSample(result: Result): Promise<readonly PageMedia[]>;
  ofAnswer(sound: KeptSound): Promise<PageMedia>;
  /** A line for each medium: key, media type and base64. */
  lines(): Iterable<string>;
  /** What was left out, one sentence each. */
  notes(): readonly string[];
}

/** Without `media`, only names are shown. */
export function createPageMedia(media: ReportMedia | undefined, maxBytes = MAX_MEDIA_BYTES): PageMediaStore {
  const kept = new Map<string, { readonly mediaType: string; readonly base64: string }>();
  let keptBytes = 0;
  let isFull = false;
  let left = 0;
  let broken = 0;

  const shown = (name: string, kind: PageMedia['kind'], { content, href, problem, pages }: ShownMedia): PageMedia => {
    if (problem !== null) broken += 1;
    const key = content === null ? undefined : keep(content);
    return {
      name,
      kind,
      ...(key === undefined ? {} : { key }),
      ...(href === null ? {} : { href }),
      ...(pages === undefined ? {} : { pages }),
      ...(problem === null ? {} : { problem }),
    };
  };
  const keep = ({ key, mediaType, bytes }: NonNullable<ShownMedia['content']>): string | undefined => {
    if (kept.has(key)) return key;
    if (keptBytes + bytes.length > maxBytes) {
      isFull = true;
      left += 1;
      return undefined;
    }
    kept.set(key, { mediaType, base64: bytes.toString('base64') });
    keptBytes += bytes.length;
    return key;
  };

  return {
    async ofSample(result) {
      const named = mediaOfCard(result.sample);
      if (media === undefined) return named.map(({ uri, kind }) => ({ name: uri, kind }));
      if (isFull) left += named.length;
      const read = await Promise.all(named.map(({ uri, kind }) => media.ofSample(uri, kind, !isFull)));
      const isAsked = media.areAsked(
        result,
        named.flatMap(({ kind }, index) => (read[index] === undefined ? [] : [{ kind, shown: read[index] }])),
      );
      const problem = named.length === 1 ? CHANGED : ONE_CHANGED;
      const kept = isAsked ? read : read.map((one) => ({ ...one, content: null, href: null, problem }));
      return named.flatMap(({ uri, kind }, index) => {
        const one = kept[index];
        return one === undefined ? [] : [shown(uri, kind, one)];
      });
    },
    async ofAnswer(sound) {
      const name = `${sound.sha256.slice(0, 12)} (${sound.mediaType})`;
      if (media === undefined) return { name, kind: 'audio' };
      return shown(name, 'audio', await media.ofAnswer(sound, !isFull));
    },
    *lines() {
      for (const [key, { mediaType, base64 }] of kept) yield `${key} ${mediaType} ${base64}\n`;
    },
    notes: () => [
      ...(left === 0
        ? []
        : [
            `${counted(left, 'medium is', 'media are')} linked and not embedded: the page holds ${maxBytes / 2 ** 20} MB of media`,
          ]),
      ...(broken === 0
        ? []
        : [
            `${counted(broken, 'medium', 'media')} could not be shown; ${broken === 1 ? 'its name is' : 'their names are'} shown instead`,
          ]),
    ],
  };
}
