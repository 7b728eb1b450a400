/** The files that `earsight init` writes for a task: a configuration to fill in and a manifest of two lines. */

/** What differs between tasks. */
interface Task {
  readonly system: string;
  /** The scorers as they are written into the configuration, and why they fit. */
  readonly scorers: string;
  readonly reason: string;
  /** Rows of the manifest: id, prompt, image, audio, target. */
  readonly rows: readonly [string, string];
}

/** Tasks by name; the first one is the default. */
export const TASKS = {
  question: {
    system: 'You are a careful reader. Answer in as few words as possible.',
    scorers: '[{name: exact, normalizer: basic}]',
    reason: 'ignores case and a final full stop',
    rows: [
      'capital,What is the capital of France? Answer with the name only.,,,Paris',
      'planet,Which planet is nearest to the sun? Answer with the name only.,,,Mercury',
    ],
  },
  choice: {
    system: 'Answer with the letter of the right option.',
    scorers: '[choice]',
    reason: 'reads the letter or the text of an option',
    rows: [
      '"capital","What is the capital of France? A: Lyon B: Paris C: Nice",,,B',
      '"planet","Which planet is nearest to the sun? A: Mercury B: Venus C: Mars",,,A',
    ],
  },
  number: {
    system: 'Answer with the number only.',
    scorers: '[numeric]',
    reason: 'reads 1,000.0 as 1000',
    rows: ['sum,What is 17 + 25?,,,42', 'product,What is 12 x 12?,,,144'],
  },
  transcription: {
    system: 'Write down what is said, and nothing else.',
    scorers: '[{name: wer, normalizer: whisper-en}]',
    reason: 'word error rate without case and punctuation; for other languages whisper-basic',
    rows: [
      'first,Transcribe the clip.,,clip-1.wav,The words of the first clip.',
      'second,Transcribe the clip.,,clip-2.wav,The words of the second clip.',
    ],
  },
  extraction: {
    system: 'Answer with one JSON object and nothing else.',
    scorers: '[json]',
    reason: 'compares field by field',
    rows: [
      'order,"Give name and count as JSON: two apples",,,"{""name"": ""apple"", ""count"": 2}"',
      'invoice,"Give name and count as JSON: seven pears",,,"{""name"": ""pear"", ""count"": 7}"',
    ],
  },
} as const satisfies Record<string, Task>;

export type TaskName = keyof typeof TASKS;

/** A commented `earsight.config.yaml`; it loads once its environment variables are set. */
export function configTemplate(task: TaskName = 'question'): string {
  const { system, scorers, reason } = TASKS[task];
  return `# What earsight compares. docs/configuration.md describes every member.
# Do not write keys here: name environment variables, or put keys into .env beside this file.
dataset: manifest.csv              # relative to this file
system: ${system}

models:
  - id: phi-4-mm                   # names the model in every report
    provider: azure                # azure | openai | anthropic | google | local
    endpoint: \${AZURE_INFERENCE_ENDPOINT}   # https://<resource>.services.ai.azure.com/openai/v1
    model: Phi-4-multimodal-instruct
    auth: {type: key, env: AZURE_INFERENCE_CREDENTIAL}   # or {type: entra}
    params: {maxTokens: 1024}      # what is left out is not sent; some models refuse temperature
    # modalities: [text, image, audio]
    # limits: {concurrency: 8, requestsPerMinute: 1000, tokensPerMinute: 400000}
    # price: {promptPerMillion: 0.08, audioPromptPerMillion: 4, completionPerMillion: 0.32}

  # Any OpenAI-compatible server: vLLM, Ollama, llama.cpp, LM Studio, a gateway.
  # - {id: local-server, provider: openai, endpoint: "http://127.0.0.1:8000/v1", model: any, auth: {type: none}}

# Each model with each of these, as <model>@<variant>:
# variants:
#   - {id: terse, system: Answer in one word.}
#   - {id: small, media: {image: {maxEdge: 512}}}

scorers: ${scorers}   # ${reason}
reporters: [csv, html, markdown]
# repeat: 3                        # runs of every sample
# maxCost: 5                       # USD
`;
}

/** A manifest of two samples. */
export function manifestTemplate(task: TaskName = 'question'): string {
  return ['id,prompt,image,audio,target', ...TASKS[task].rows, ''].join('\n');
}
