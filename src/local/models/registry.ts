/** The embedded models by name; a new one is one file in this folder and one line here. */

import type { LocalModel } from '../local-model.ts';
import { asrCommand } from './asr-command.ts';
import { asrOpen } from './asr-open.ts';
import { ocrPpv4 } from './ocr-ppv4.ts';
import { ocrTesseract } from './ocr-tesseract.ts';

export const LOCAL_MODELS = {
  'ocr-tesseract': ocrTesseract,
  'ocr-ppv4': ocrPpv4,
  'asr-command': asrCommand,
  'asr-open': asrOpen,
} as const satisfies Readonly<Record<string, LocalModel>>;

export type LocalModelName = keyof typeof LOCAL_MODELS;

/** Whether a name is that of an embedded model. */
export function isLocalModelName(name: string): name is LocalModelName {
  return Object.hasOwn(LOCAL_MODELS, name);
}
