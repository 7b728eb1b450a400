/** How media are changed before they are sent, and what came of it. */

/** A step of a stress test: what is done to an image before all other changes. What is transparent becomes white. */
export type ImageStress =
  | { readonly kind: 'jpeg' | 'blur' | 'rotate'; readonly level: number }
  | { readonly kind: 'noise'; readonly level: number; readonly seed: number };

/** A step of a stress test: what is done to a clip before all other changes. */
export type SoundStress =
  | { readonly kind: 'speed' | 'sampleRate'; readonly level: number }
  | { readonly kind: 'snr'; readonly level: number; readonly seed: number };

/** Changes to images. With any of them, images are turned upright, and forms that no model takes are converted. */
export interface ImageTransform {
  /** Longest side in pixels; larger images are scaled down. */
  readonly maxEdge?: number;
  /**
   * The form of every image: 8 bits a channel, RGB or grey. `keep`: an image stays in its form where the model takes it.
   * Absent = as `keep`, but images of 16 bits or in CMYK are sent as they are.
   */
  readonly format?: 'png' | 'jpeg' | 'webp' | 'keep';
  /** Of JPEG and WebP, 1 to 100. */
  readonly quality?: number;
  /** Absent = the image as it is. */
  readonly stress?: ImageStress;
}

/** Changes to clips. What is changed becomes a WAV file of 16 bits and one channel. */
export interface AudioTransform {
  /** `wav`, the default: every clip is sent as WAV. `keep`: only those that the model does not take, or that are too long. */
  readonly format?: 'wav' | 'keep';
  /** Hz of WAV files that are made; absent = that of the clip. */
  readonly sampleRate?: number;
  /** Longer clips are cut after it. */
  readonly maxSeconds?: number;
  /** Absent = the clip as it is. */
  readonly stress?: SoundStress;
}

/** Changes to media before they are sent: the settings of a model, as they are in its request hashes. */
export interface MediaTransform {
  readonly image?: ImageTransform;
  readonly audio?: AudioTransform;
  /** `pages`: a PDF is sent as an image of each page. */
  readonly document?: 'pages';
  /** Pixels per inch of the images of pages; absent = `DEFAULT_DPI`. */
  readonly dpi?: number;
}

/** A letter page has 1275 x 1650 pixels then. */
export const DEFAULT_DPI = 150;

/** A page of a document that is sent as an image. */
export interface PageOfDocument {
  /** From 1. */
  readonly number: number;
  readonly dpi: number;
}

/** The changes with the media types that the model takes; absent = any. */
export interface MediaRules extends MediaTransform {
  readonly imageTypes?: readonly string[];
  readonly audioTypes?: readonly string[];
}

/** What was sent instead of the bytes of the manifest. */
export interface DerivedMedia {
  /** Lower-case hex of the bytes that were sent. */
  readonly sha256: string;
  /** The packages that made them, with their versions: `sharp 0.35.5`. */
  readonly codec: string;
}

/** A medium of a request that was changed before it was sent, as the journal keeps it. */
export interface SentMedia extends DerivedMedia {
  /** As in the manifest. */
  readonly uri: string;
  readonly mediaType: string;
  readonly byteLength: number;
}
