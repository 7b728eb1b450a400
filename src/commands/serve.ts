/** `earsight serve`: runs the embedded endpoint alone, for any chat completions client. */

import { type Command, list, number } from '../command.ts';
import { EXIT, InputError } from '../errors.ts';
import { missingPackages } from '../local/missing-packages.ts';
import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import { startLocalServer } from '../local/server.ts';
import { suggest } from '../text/nearest-name.ts';

const NAMES = Object.keys(LOCAL_MODELS);

export const serveCommand: Command = {
  example: ['earsight serve --port 8000', 'then use http://127.0.0.1:8000/v1 with any OpenAI client'],
  options: {
    port: { type: 'number', describe: 'port on 127.0.0.1; 0 = any free port', default: 8000 },
    model: { type: 'array', describe: `serve only these models, any of ${NAMES.join(', ')} (default: all)` },
  },
  async run(args, io) {
    const port = number(args, 'port') ?? 0;
    if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
      throw new InputError({ message: `--port ${port} is not a port`, hint: 'use a whole number from 0 to 65535' });
    }
    const unknown = list(args, 'model').filter((name) => !isLocalModelName(name));
    if (unknown.length > 0)
      throw new InputError(unknown.map((name) => ({ message: `unknown model "${name}"`, hint: suggest(name, NAMES) })));
    const wanted = list(args, 'model').filter(isLocalModelName);
    const served = wanted.length === 0 ? NAMES.filter(isLocalModelName) : wanted;
    const absent = missingPackages(
      served.flatMap((model) => LOCAL_MODELS[model].packages.map((name) => ({ name, by: `model "${model}"` }))),
    );
    if (absent.length > 0) throw new InputError(absent);
    const server = await startLocalServer({
      port,
      signal: io.stop,
      ...(wanted.length === 0 ? {} : { models: wanted }),
    });
    io.stdout.write(`${server.url}\n`);
    io.stderr.write(`serving ${server.models.join(', ')} · Ctrl-C stops\n`);
    if (!io.stop.aborted) {
      await new Promise((resolve) => io.stop.addEventListener('abort', resolve, { once: true }));
    }
    await server.close();
    return EXIT.done;
  },
};
