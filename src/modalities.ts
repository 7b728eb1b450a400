/** The kinds of content that a message may have: the one list of them. */

/** Kinds whose content is a medium: a file, inline bytes or a URL. In the order in which columns become parts. */
export const MEDIUM_KINDS = ['image', 'audio', 'document', 'video'] as const;

export type MediumKind = (typeof MEDIUM_KINDS)[number];

/** Every kind of content. */
export const MODALITIES = ['text', ...MEDIUM_KINDS] as const;

export type Modality = (typeof MODALITIES)[number];

/** The media of a sample or a turn as tables show them: path, URL, or `data:<mediaType>;sha256=<hex>`. */
export interface MediaOfCard {
  readonly images: readonly string[];
  readonly audio: readonly string[];
  /** Absent = none. */
  readonly documents?: readonly string[];
  readonly videos?: readonly string[];
}

/** All media of a card: images first, then clips, documents and videos. */
export function mediaOfCard({ images, audio, documents = [], videos = [] }: MediaOfCard): readonly {
  readonly kind: MediumKind;
  readonly uri: string;
}[] {
  const lists = { image: images, audio, document: documents, video: videos };
  return MEDIUM_KINDS.flatMap((kind) => lists[kind].map((uri) => ({ kind, uri })));
}
