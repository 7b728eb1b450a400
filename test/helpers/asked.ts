import type { Workspace } from './cli.ts';
import type { Endpoint } from './endpoint.ts';

/** A folder with the endpoint that its configuration asks; both end together. */
export function asked(folder: Workspace, endpoint: Endpoint) {
  return {
    folder,
    endpoint,
    async [Symbol.asyncDispose]() {
      folder[Symbol.dispose]();
      await endpoint.close();
    },
  };
}
