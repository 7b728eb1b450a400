/** The parts that we use of packages without types. */

declare module 'heic-decode' {
  interface Picture {
    readonly width: number;
    readonly height: number;
    decode(): Promise<{ readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }>;
  }
  const decode: {
    all(input: { readonly buffer: Uint8Array }): Promise<readonly Picture[] & { dispose(): void }>;
  };
  // biome-ignore lint/style/noDefaultExport: it is the package's own form
  export default decode;
}
