// A provider and a scorer of your own: the provider answers from a table, the scorer counts words that are right.
//   node examples/api/own-code.mjs [results folder]
import { fileURLToPath } from 'node:url';
import { defineProvider, defineScorer, evaluate } from 'earsight';

const ANSWERS = new Map([
  ['What is the capital of France?', 'It is Paris'],
  ['Which planet is nearest to the sun?', 'Mercury'],
]);

const table = defineProvider({
  name: 'table',
  modalities: ['text'],
  async complete({ messages }) {
    const [part] = messages.at(-1)?.content ?? [];
    const answer = part?.type === 'text' ? ANSWERS.get(part.text) : undefined;
    // The cell fails, which is not a wrong answer: it has no score.
    if (answer === undefined) throw Object.assign(new Error('the table has no such question'), { kind: 'bad_request' });
    return { text: answer, usage: { promptTokens: 12, completionTokens: answer.split(' ').length } };
  },
});

const wordShare = defineScorer({
  name: 'word-share',
  score({ answer, target }) {
    const words = answer.toLowerCase().match(/\p{L}+/gu) ?? [];
    const right = words.filter((word) => target.some((text) => text.toLowerCase() === word));
    return words.length === 0 ? null : { value: right.length / words.length, explanation: right.join(' ') };
  },
});

const results = evaluate({
  config: {
    dataset: 'questions.csv',
    models: [{ id: 'lookup', provider: 'table', model: 'table-1' }],
    scorers: ['word-share', 'includes'],
  },
  cwd: fileURLToPath(new URL('.', import.meta.url)),
  out: process.argv[2] ?? 'results/api-own-code',
  providers: [table],
  scorers: [wordShare],
});

for await (const event of results) {
  if (event.type !== 'result') continue;
  const { sampleId, status, scores } = event.result;
  console.log(sampleId, status, ...scores.map(({ scorer, value }) => `${scorer}=${value}`));
}
