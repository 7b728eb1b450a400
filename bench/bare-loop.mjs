// The least that sends N chat requests 64 at a time and reads the answers: node bench/bare-loop.mjs URL N
import pLimit from 'p-limit';
import { Pool } from 'undici';

const [url, cells] = process.argv.slice(2);
const pool = new Pool(url, { connections: 64 });
const limit = pLimit(64);
const ask = async (index) => {
  const { body } = await pool.request({
    method: 'POST',
    path: '/v1/chat/completions',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'bench',
      messages: [{ role: 'user', content: `What is the capital of France? (${index})` }],
    }),
  });
  const { choices, usage } = await body.json();
  return [choices[0].message.content, usage.total_tokens];
};
await Promise.all(Array.from({ length: Number(cells) }, (_, index) => limit(() => ask(index))));
await pool.close();
