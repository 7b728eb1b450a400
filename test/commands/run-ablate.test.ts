import { expect, test } from 'vitest';
import { asked } from '../helpers/asked.ts';
import { workspace } from '../helpers/cli.ts';
import { chatCompletion, startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes } from '../helpers/media.ts';

/** A model that reads images, except where the question says the answer already; half of the samples do. */
async function project(prompts = (index: number) => (index % 2 === 0 ? `Is it ${index}?` : 'Which number is it?')) {
  const endpoint = await startEndpoint(({ body }) => {
    const number = /Is it (\d+)/.exec(body)?.[1];
    const seen = body.includes('image_url');
    return { json: chatCompletion(number ?? (seen ? 'seen' : 'unknown')) };
  });
  const rows = Array.from(
    { length: 40 },
    (_, index) => `s${index},${prompts(index)},a.png,${index % 2 === 0 ? index : 'seen'},g${index}`,
  );
  const folder = workspace({
    'a.png': pngBytes({ width: 8, height: 8 }),
    'manifest.csv': `id,prompt,image,target,group\n${rows.join('\n')}\ntext,Is it 99?,,99,\n`,
    'earsight.config.yaml': `dataset: manifest.csv\nmodels:\n${['a', 'b']
      .map(
        (id) =>
          `  - {id: ${id}, provider: openai, endpoint: "${endpoint.url}/v1", model: any-${id}, modalities: [text, image], auth: {type: none}}`,
      )
      .join('\n')}\nscorers: [exact]\nreporters: [csv]\n`,
  });
  return asked(folder, endpoint);
}

test('says how much of the score needs the image, for each model against itself', async () => {
  await using made = await project();

  const { code, stdout } = await made.folder.run(['run', '--out', 'run', '--ablate', 'image']);
  const compared = await made.folder.run(['compare', 'run']);

  expect(code).toBe(0);
  // A sample without an image is not asked without it.
  expect(made.endpoint.requests).toHaveLength(2 * 41 + 2 * 40);
  const sentence = /needs the image for 50\.0 of its 100\.0 points \(\d+\.\d to \d+\.\d\): 50\.0 are left without it/;
  for (const text of [stdout, compared.stdout]) {
    expect(text).toMatch(new RegExp(`a ${sentence.source}`));
    expect(text).toMatch(new RegExp(`b ${sentence.source}`));
    expect(text).not.toContain('pairs are missing');
  }
  expect(compared.stdout).toContain('b@no-image − b');
});

test('is repeated by a resume, and asks nothing twice', async () => {
  await using made = await project();
  await made.folder.run(['run', '--out', 'run', '--ablate', 'image']);
  const { length } = made.endpoint.requests;

  const { code, stdout } = await made.folder.run(['run', '--resume', 'run']);

  expect(code).toBe(0);
  expect(made.endpoint.requests).toHaveLength(length);
  expect(stdout).toContain('needs the image');
});

test('a run that stops when it is decided compares each model with itself', async () => {
  await using made = await project();

  const { stdout } = await made.folder.run(['run', '--ablate', 'image', '--stop-when-decided']);

  expect(stdout).toContain('decided: a@no-image is worse than a by ');
  expect(stdout).toContain('decided: b@no-image is worse than b by ');
  expect(stdout).toContain('not decided: b against a, 0.0 points');
});

test('a model that knows the answers does not need it', async () => {
  await using made = await project((index) => `Is it ${index % 2 === 0 ? index : '0'}?`);

  const { stdout } = await made.folder.run(['run', '--ablate', 'image', '--model', 'a']);

  expect(stdout).toMatch(/a is not shown to need the image: 50\.0 points with it, 50\.0 without it \(/);
});

test.each([
  [['--ablate', 'video'], '"video" is no medium'],
  // No sample has sound, and no model takes it.
  [['--ablate', 'audio', '--sample', 'text', '--model', 'a'], 'no model'],
  [['--ablate', 'image', '--sample', 'text'], 'no image that could be left out'],
])('%j is rejected before anything is sent', async (options, words) => {
  await using made = await project();

  const { code, stderr } = await made.folder.run(['run', ...options]);

  expect(code).toBe(2);
  expect(stderr).toContain(words);
  expect(made.endpoint.requests).toHaveLength(0);
});
