/** The examples of `earsight init`, one for each task: what is asked about a receipt, a sign and a clip, and how it is scored. */

/** An example that the embedded models answer, so that it runs without an account. */
export interface Task {
  readonly system: string;
  /** The scorers as they are written into the configuration, and why they fit. */
  readonly scorers: string;
  readonly reason: string;
  /** The manifest without its line ends. */
  readonly manifest: readonly string[];
  /** Names of the media in the manifest; each is a file of `examples/media/`. */
  readonly media: readonly string[];
  /** What the embedded models make of it, if it is not what a language model does. */
  readonly note?: string;
  /** Whether another model is needed for an answer. */
  readonly needsModel?: true;
}

const RECEIPT = 'receipt,How much is the cough syrup? Answer with the amount only.,media/receipt.jpg';
const CLIP = 'garage,Transcribe the audio.,,media/garage.wav,close the garage door';

/** Tasks by name; the first one is the default. */
export const TASKS = {
  question: {
    system: 'You are a careful reader. Answer in as few words as possible.',
    scorers: '[{name: exact, normalizer: basic}]',
    reason: 'ignores case and a final full stop',
    manifest: ['id,prompt,image,audio,target', `${RECEIPT},,8.30`, CLIP],
    media: ['receipt.jpg', 'garage.wav'],
  },
  choice: {
    system: 'Answer with the right option.',
    scorers: '[choice]',
    reason: 'reads the letter or the text of an option in meta.choices',
    manifest: [
      'id,prompt,image,target,meta.choices',
      `${RECEIPT},B,7.30|8.30|9.80`,
      'total,What is the total? Answer with the amount only.,media/receipt.jpg,C,8.30|20.00|27.74',
    ],
    media: ['receipt.jpg'],
    note: 'They do not see the options. For a language model, write the options into the prompts.',
  },
  number: {
    system: 'Answer with the number only.',
    scorers: '[numeric]',
    reason: 'reads 1,000.0 as 1000',
    manifest: [
      'id,prompt,image,target',
      `${RECEIPT},8.30`,
      'total,What is the total? Answer with the amount only.,media/receipt.jpg,27.74',
    ],
    media: ['receipt.jpg'],
  },
  transcription: {
    system: 'Write down what is said or written, and nothing else.',
    scorers: '[{name: wer, normalizer: whisper-en}]',
    reason: 'word error rate without case and punctuation; for other languages whisper-basic',
    manifest: [
      'id,prompt,image,audio,target',
      'sign,Transcribe the text in the image.,media/sign.png,,NIGHT EXIT Push bar to open',
      CLIP,
    ],
    media: ['sign.png', 'garage.wav'],
  },
  extraction: {
    system: 'Answer with one JSON object and nothing else.',
    scorers: '[json]',
    reason: 'compares field by field',
    manifest: [
      'id,prompt,image,target',
      'syrup,"Give name and price of the cough syrup as JSON, for example {""name"": ""tea"", ""price"": 2.5}",media/receipt.jpg,"{""name"": ""cough syrup"", ""price"": 8.3}"',
      'total,"Give the total as JSON, for example {""total"": 2.5}",media/receipt.jpg,"{""total"": 27.74}"',
    ],
    media: ['receipt.jpg'],
    note: 'They write no JSON and refuse both questions: put a language model in their place.',
    needsModel: true,
  },
} as const satisfies Record<string, Task>;

export type TaskName = keyof typeof TASKS;

export const TASK_NAMES: readonly TaskName[] = Object.keys(TASKS).filter((name): name is TaskName =>
  Object.hasOwn(TASKS, name),
);
