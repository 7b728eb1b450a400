// Files and batches of OpenAI and of Azure in a process of its own, with everything on the disk: prints its port, ends with
// its parent. Batches have ended when they are looked at for the first time.
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';

const folder = mkdtempSync(join(tmpdir(), 'earsight-batches-'));
const files = new Map();
const batches = new Map();

/** Keeps the form as it is: the lines of the file are those that begin with a brace. */
async function upload(request) {
  const id = `file-${files.size + 1}`;
  const path = join(folder, id);
  files.set(id, path);
  await pipeline(request, createWriteStream(path));
  return { id, object: 'file', bytes: statSync(path).size, status: 'processed' };
}

async function* results(path) {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!line.startsWith('{')) continue;
    const { custom_id, body } = JSON.parse(line);
    const answer = {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: body.model,
      choices: [{ index: 0, message: { role: 'assistant', content: 'Paris' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 },
    };
    const response = { status_code: 200, request_id: 'r', body: answer };
    yield `${JSON.stringify({ id: 'b', custom_id, response, error: null })}\n`;
  }
}

async function textOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text;
}

async function reply(request, response) {
  const path = request.url.split('?')[0].replace(/^.*\/v1\//, '');
  const [kind, id, content] = path.split('/');
  const json = (value) => response.end(JSON.stringify(value));
  if (kind === 'files' && request.method === 'POST') return json(await upload(request));
  if (kind === 'files' && content === 'content') return pipeline(results(files.get(id)), response);
  if (kind === 'files') return json({ id, status: 'processed' });
  if (request.method === 'POST') {
    const { input_file_id } = JSON.parse(await textOf(request));
    const batch = { id: `batch-${batches.size + 1}`, object: 'batch', input_file_id, status: 'validating' };
    batches.set(batch.id, batch);
    return json(batch);
  }
  const batch = batches.get(id);
  return json({ ...batch, status: 'completed', output_file_id: batch.input_file_id, error_file_id: null });
}

const server = createServer((request, response) => {
  reply(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(JSON.stringify({ error: { message: String(error) } }));
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGTERM', 'disconnect']) process.on(signal, () => process.exit(0));
