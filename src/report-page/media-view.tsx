/** A medium: the picture or the player, or its name where the file does not hold it. */

import { useState } from 'preact/hooks';
import type { PageMedia } from '../reporters/html/page-data.ts';
import type { PageData } from './browser/load-data.ts';
import { firstLine } from './visible-text.ts';

export interface MediaViewProps {
  readonly media: PageMedia;
  readonly mediaUrl: PageData['mediaUrl'];
  readonly isLarge?: boolean;
}

const SIGNS = { image: '▣', audio: '♪', document: '▤', video: '▶' } as const;

export function MediaView({ media, mediaUrl, isLarge = false }: MediaViewProps) {
  const [isBroken, setBroken] = useState(false);
  const { name, kind, key, href, pages, problem } = media;
  const isRemote = href?.startsWith('https:') === true;
  // Nothing is fetched from elsewhere: a remote address is only a link.
  // A document is shown by a picture of its first page, if the file holds one.
  const source = mediaUrl(key) ?? (isRemote || kind === 'document' ? undefined : href);
  const label = firstLine(name, 60);
  const about = pages === undefined ? '' : ` · ${pages.toLocaleString('en')} ${pages === 1 ? 'page' : 'pages'}`;
  if (source === undefined || isBroken) {
    return (
      <span class="media-name">
        <span aria-hidden="true">{SIGNS[kind]}</span>{' '}
        {href === undefined ? label : <MediaLink href={href} label={label} />}
        {about}
        {(problem !== undefined || isBroken) && <span class="muted"> · {problem ?? 'cannot be opened from here'}</span>}
      </span>
    );
  }
  if (kind === 'audio') {
    return (
      <span class="clip">
        {/* biome-ignore lint/a11y/useMediaCaption: captions of the clips of a dataset do not exist. */}
        <audio controls preload="metadata" src={source} aria-label={`Clip ${label}`} onError={() => setBroken(true)} />
        {isLarge && <span class="muted small">{label}</span>}
      </span>
    );
  }
  if (kind === 'video') {
    return (
      <span class="clip">
        {/* biome-ignore lint/a11y/useMediaCaption: captions of the videos of a dataset do not exist. */}
        <video
          class={isLarge ? 'large' : 'thumb'}
          controls={isLarge}
          preload="metadata"
          src={source}
          aria-label={`Video ${label}`}
          onError={() => setBroken(true)}
        />
        {isLarge && (
          <span class="muted small">{href === undefined ? label : <MediaLink href={href} label={label} />}</span>
        )}
      </span>
    );
  }
  const picture = (
    // Decoded at once: a page is printed without waiting for its pictures.
    <img
      class={isLarge ? 'large' : 'thumb'}
      src={source}
      alt={`${label}${about}`}
      decoding="sync"
      onError={() => setBroken(true)}
    />
  );
  if (!isLarge && kind === 'document') {
    return (
      <span class="paper">
        {picture}
        <span class="muted small">
          <span aria-hidden="true">{SIGNS.document}</span>
          {about.slice(2)}
        </span>
      </span>
    );
  }
  if (!isLarge) return picture;
  return (
    <span class="picture">
      {picture}
      <span class="muted small">
        {href === undefined ? label : <MediaLink href={href} label={`${label} (original)`} />}
        {about}
      </span>
    </span>
  );
}

function MediaLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  );
}
