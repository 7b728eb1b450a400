/** Reads the media of a run for reports that show them: below the folder of the manifest only, with the checks of a run. */

import { hash } from 'node:crypto';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import pLimit from 'p-limit';
import { createFileLocator } from '../dataset/locate-file.ts';
import { mediaPlaceOf, parseMediaBase, resolveInBase } from '../dataset/media-base.ts';
import { readUnchanged } from '../dataset/media-file.ts';
import { mediaFolderOf } from '../dataset/media-folder.ts';
import { asVideo, sniffMediaType } from '../dataset/sniff.ts';
import { thumbnail } from '../dataset/thumbnail.ts';
import { readBytesSync } from '../files/open-file.ts';
import { soundFile } from '../journal/sounds.ts';
import type { MediumKind } from '../modalities.ts';
import type { RunInfo } from '../report.ts';
import type { KeptSound } from '../result.ts';
import type { EmbedMode, ReportMedia, ShownMedia } from '../shown-media.ts';
import { areAsked } from './asked-media.ts';
import { firstPage } from './first-page.ts';

/** Images that cannot be scaled are embedded up to this size. */
const MAX_ORIGINAL_BYTES = 40_000;

/** A clip or a video cannot be scaled: half a minute of speech as WAV. */
const MAX_CLIP_BYTES = 2 ** 20;

/** Largest file that is read at all, the most that a manifest allows by default. */
const MAX_FILE_BYTES = 20 * 2 ** 20;

/** Images that are decoded at the same time. */
const DECODED_AT_ONCE = 4;

type Content = NonNullable<ShownMedia['content']>;

/**
 * `directory` is the run's folder: the report is written there, and its links start there. Mode `file` gives each medium as it
 * is, also a document.
 */
export function createReportMedia(directory: string, { dataset }: RunInfo, mode: EmbedMode | 'file'): ReportMedia {
  const folder = mediaFolderOf(resolve(directory, dataset.path));
  const { mediaRoot, mediaBase } = mediaPlaceOf(dataset.mediaRoot, (root) => resolve(directory, root));
  const locate = createFileLocator({
    folder,
    ...(mediaRoot === undefined ? {} : { mediaRoot }),
    maxMediaBytes: MAX_FILE_BYTES,
    known: new Map(),
    isOnlyPass: true,
  });
  const isWhole = mode === 'full' || mode === 'file';
  const decode = pLimit(DECODED_AT_ONCE);
  const shrink = (content: Content) => decode(() => thumbnail(content));

  return {
    async ofSample(uri, kind, mayEmbed) {
      if (/^https:/iu.test(uri)) return { ...NOTHING, href: uri, mediaKey: `url:${uri}` };
      if (mode === 'none') return NOTHING;
      if (mediaBase !== undefined && !/^data:/iu.test(uri)) return { ...NOTHING, href: hrefBelow(mediaBase, uri) };
      if (/^data:/iu.test(uri)) return { ...problem('its bytes are in the manifest'), mediaKey: dataKey(uri) };
      const file = await locate(uri);
      if ('message' in file) return problem(file.message);
      if (!isOfKind(file.mediaType ?? '', kind)) return problem(`is no longer ${kind}`);
      const href = linkTo(directory, file.path);
      const { mediaType = '', sha256 } = file;
      const mediaKey = `sha256:${sha256}`;
      if (!mayEmbed || mode === 'link') return { ...NOTHING, href, mediaKey };
      const bytes = await readUnchanged(file.path, file);
      if (!Buffer.isBuffer(bytes)) return problem(bytes.message);
      if (kind === 'document' && mode !== 'file') {
        const page = await decode(() => firstPage(sha256, bytes, mode));
        return 'message' in page ? problem(page.message) : { ...NOTHING, href, mediaKey, ...page };
      }
      const content = {
        key: sha256,
        mediaType: (kind === 'video' ? asVideo(mediaType) : undefined) ?? mediaType,
        bytes,
      };
      return { ...NOTHING, href, mediaKey, content: isWhole ? content : await reduced(content, shrink) };
    },
    async ofAnswer(sound, mayEmbed) {
      if (mode === 'none') return NOTHING;
      if (sound.isLost === true) return problem('could not be written during the run');
      const href = encodePath(soundFile(sound));
      if (!mayEmbed || mode === 'link') return { ...NOTHING, href };
      const bytes = readSound(directory, sound);
      if (bytes === null) return problem('does not exist, or has other bytes than its name says');
      const fits = isWhole || bytes.length <= MAX_CLIP_BYTES;
      return { ...NOTHING, href, content: fits ? { key: sound.sha256, mediaType: sound.mediaType, bytes } : null };
    },
    areAsked,
  };
}

/** Containers of sound and videos have one type of their first bytes. */
function isOfKind(mediaType: string, kind: MediumKind): boolean {
  if (kind === 'document') return mediaType === 'application/pdf';
  return kind === 'video' ? asVideo(mediaType) !== undefined : mediaType.startsWith(`${kind}/`);
}

const NOTHING: ShownMedia = { content: null, href: null, problem: null, mediaKey: null };

/** A report fetches nothing, and its links have no query: it may be a signature. */
function hrefBelow(mediaBase: string, uri: string): string | null {
  const base = parseMediaBase(mediaBase);
  const url = 'message' in base ? base : resolveInBase(base, uri);
  return 'message' in url || url.protocol !== 'https:' ? null : url.href;
}

/** The journal has `data:<mediaType>;sha256=<hex>` in place of the bytes. */
function dataKey(uri: string): string | null {
  const sha256 = /;sha256=([0-9a-f]{64})$/u.exec(uri)?.[1];
  return sha256 === undefined ? null : `sha256:${sha256}`;
}

const problem = (text: string): ShownMedia => ({ ...NOTHING, problem: text });

/** What mode `thumbs` embeds; null = too large. */
async function reduced(
  content: Content,
  shrink: (content: Content) => Promise<{ readonly bytes: Buffer; readonly mediaType: string } | null>,
): Promise<Content | null> {
  const { key, mediaType, bytes } = content;
  if (!mediaType.startsWith('image/')) return bytes.length <= MAX_CLIP_BYTES ? content : null;
  const small = await shrink(content);
  if (small !== null) return { key, ...small };
  return bytes.length <= MAX_ORIGINAL_BYTES ? content : null;
}

/** null when it is absent, is a link, or is not what the journal says. */
function readSound(directory: string, sound: KeptSound): Buffer | null {
  try {
    const bytes = readBytesSync(join(directory, soundFile(sound)));
    const isSame = hash('sha256', bytes) === sound.sha256;
    return isSame && (sniffMediaType(bytes) ?? sound.mediaType) === sound.mediaType ? bytes : null;
  } catch {
    return null;
  }
}

/** null when there is no relative path, as between drives of Windows. */
function linkTo(directory: string, path: string): string | null {
  const fromHere = relative(resolve(directory), path);
  return isAbsolute(fromHere) ? null : encodePath(fromHere);
}

/** Always starts with a dot, so that no name is read as a host or a scheme. */
function encodePath(path: string): string {
  const parts = path.split(sep).map(encodeURIComponent);
  return parts[0] === '..' ? parts.join('/') : `./${parts.join('/')}`;
}
