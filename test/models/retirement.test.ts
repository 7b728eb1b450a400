import { expect, test } from 'vitest';
import { retirementWarnings } from '../../src/models/retirement.ts';

const on = (day: string) => Date.parse(`${day}T13:30:00Z`);
const azure = (model: string, id = 'a') => ({ id, provider: 'azure', model });

test.each([
  ['2026-10-12', []],
  [
    '2026-10-13',
    ["a: gpt-5.2 will be retired on Azure on 2026-12-12, in 60 days, by Microsoft's schedule of 2026-07-07"],
  ],
  [
    '2026-12-11',
    ["a: gpt-5.2 will be retired on Azure on 2026-12-12, in 1 day, by Microsoft's schedule of 2026-07-07"],
  ],
  ['2026-12-12', ["a: gpt-5.2 was retired on Azure on 2026-12-12 by Microsoft's schedule of 2026-07-07"]],
  ['2027-06-01', ["a: gpt-5.2 was retired on Azure on 2026-12-12 by Microsoft's schedule of 2026-07-07"]],
])('on %s says %j', (day, warnings) => {
  expect(retirementWarnings([azure('gpt-5.2')], on(day))).toEqual(warnings);
});

test('keeps the dates of each host apart', () => {
  const models = [
    azure('gpt-4o', 'here'),
    { id: 'there', provider: 'openai', model: 'gpt-4o' },
    { id: 'azure-by-url', provider: 'openai', model: 'gpt-4o', endpoint: 'https://r.openai.azure.com/openai/v1' },
    { id: 'gateway', provider: 'openai', model: 'gpt-4o', endpoint: 'https://gateway.example/v1' },
  ];

  expect(retirementWarnings(models, on('2026-11-29'))).toEqual([
    "here, azure-by-url: gpt-4o was retired on Azure on 2026-10-01 by Microsoft's schedule of 2026-07-07",
    "there: gpt-4o will be retired on api.openai.com on 2027-01-14, in 46 days, by OpenAI's deprecations page of 2026-10-28",
  ]);
});

test('says nothing of a model without an announced date, or of an unknown one', () => {
  const models = [azure('Phi-4-multimodal-instruct'), azure('my-deployment')];

  expect(retirementWarnings(models, on('2030-01-01'))).toEqual([]);
});
