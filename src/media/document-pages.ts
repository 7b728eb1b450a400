/** Replaces documents by images of their pages, for models that take no PDF. */

import { DEFAULT_DPI } from '../media-transform.ts';
import type { ContentPart, Message, ModelConfig } from '../types.ts';

/** A document behind a URL, whose pages are not known, stays one. */
export function withPages(message: Message, model: Pick<ModelConfig, 'media' | 'autoPages'>): Message {
  const { media = {} } = model;
  if (!sendsPages(model) || !message.content.some(({ type }) => type === 'document')) return message;
  const { dpi = DEFAULT_DPI } = media;
  return { role: message.role, content: message.content.flatMap((part) => pagesOf(part, dpi)) };
}

/** Whether documents are sent as images of their pages. */
export function sendsPages({ media, autoPages }: Pick<ModelConfig, 'media' | 'autoPages'>): boolean {
  return media?.document === 'pages' || autoPages === true;
}

function pagesOf(part: ContentPart, dpi: number): readonly ContentPart[] {
  if (part.type !== 'document' || part.media.type === 'url' || part.media.pages === undefined) return [part];
  const { pages, ...media } = part.media;
  return Array.from({ length: pages }, (_, index) => ({
    type: 'image',
    media: { ...media, mediaType: 'image/png', page: { number: index + 1, dpi } },
  }));
}
