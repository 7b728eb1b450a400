/** Gemma 3: 256 tokens an image; pan and scan adds crops of long images. */

import { defineImageRule } from './image-rule.ts';

/** `panAndScan` is off in the published processor. `crops` above 0 states their number instead. */
export const gemma3 = defineImageRule({
  description: '256 an image, and 256 for each pan-and-scan crop when that is on',
  source: 'transformers gemma3 image processor; vllm test_gemma3_pan_scan.py',
  defaults: { panAndScan: 0, crops: 0, maxCrops: 4, minCropPixels: 256, minRatio: 1.2 },
  monotone: true,
  tokens: ({ width, height }, { panAndScan, crops, maxCrops, minCropPixels, minRatio }) => {
    if (panAndScan === 0) return 256;
    if (crops > 0) return 256 * (1 + crops);
    const [long, short] = [Math.max(width, height), Math.min(width, height)];
    if (long / short < minRatio) return 256;
    const wanted = Math.min(Math.floor(long / minCropPixels), Math.floor(long / short + 0.5));
    const used = Math.min(maxCrops, Math.max(2, wanted));
    const cropPixels = Math.min(Math.ceil(long / used), short);
    return cropPixels < minCropPixels ? 256 : 256 * (1 + used);
  },
});
