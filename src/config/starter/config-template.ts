/** The commented `earsight.config.yaml` that `earsight init` writes. */

import type { Modality } from '../../types.ts';

/** What differs between configurations; all texts are YAML as they are written. */
export interface ConfigParts {
  /** The value of `dataset`, and what there is to say of it. */
  readonly dataset: string;
  readonly datasetNote: string;
  /** The value of `system`; absent = none. */
  readonly system?: string;
  /** Absent = there are no targets yet. */
  readonly scorers?: { readonly value: string; readonly reason: string };
  /** What the dataset holds, which decides the models. */
  readonly modalities: readonly Modality[];
  readonly note?: string | undefined;
}

/** The name of the JSON Schema that is written beside the configuration. */
export const SCHEMA_FILE = 'earsight.schema.json';

/** A configuration whose models run on this machine, with others as comments; only a dataset of text needs a key. */
export function configTemplate(parts: ConfigParts): string {
  const { dataset, datasetNote, system, scorers } = parts;
  const value = scorers?.value ?? '[exact]';
  return `# yaml-language-server: $schema=${SCHEMA_FILE}
# What earsight compares. docs/configuration.md of the package describes every member.
# Do not write keys here: name environment variables, or put keys into .env beside this file.
dataset: ${dataset}   # ${datasetNote}
${system === undefined ? '# system: You are a careful reader.' : `system: ${system}`}

models:
${activeModels(parts)}
${OTHER_MODELS}

# Each model with each of these, as <model>@<variant>:
# variants:
#   - {id: terse, system: Answer in one word.}
#   - {id: small, media: {image: {maxEdge: 512}}}
#   - stress: {jpeg: [90, 50, 20]}   # as it is, and as <model>@jpeg-90 and so on

${scorers === undefined ? '# ' : ''}scorers: ${value}   # ${scorers?.reason ?? 'as soon as samples have a target'}
reporters: [csv, html, markdown]
# repeat: 3                        # runs of every sample
# maxCost: 5                       # USD
`;
}

/** Embedded models by the medium that they read. */
const EMBEDDED = { image: ['ocr-ppv4', 'ocr-tesseract'], audio: ['asr-command', 'asr-open'] } as const;

function activeModels({ modalities, note }: ConfigParts): string {
  const names = (['image', 'audio'] as const).flatMap((medium) =>
    modalities.includes(medium) ? EMBEDDED[medium] : [],
  );
  if (names.length === 0)
    return `  # The embedded models read images and clips only, and this dataset has none.
  - {id: gpt-5.4-mini, provider: openai, model: gpt-5.4-mini, params: {maxTokens: 1024}}   # key: OPENAI_API_KEY
`;
  return `  # Recognisers on this machine, without an account. They transcribe, and look up values in images.
${note === undefined ? '' : `  # ${note}\n`}${names.map((name) => `  - {id: ${name}, provider: local, model: ${name}}\n`).join('')}`;
}

const OTHER_MODELS = `  # The same for Azure AI Foundry: take the # away, and set the two environment variables.
  # - id: phi-4-mm                   # names the model in every report
  #   provider: azure                # azure | openai | anthropic | google | local
  #   endpoint: \${AZURE_INFERENCE_ENDPOINT}   # https://<resource>.services.ai.azure.com/openai/v1
  #   model: Phi-4-multimodal-instruct         # the name of the deployment
  #   auth: {type: key, env: AZURE_INFERENCE_CREDENTIAL}   # or {type: entra}
  #   modalities: [text, image, audio]
  #   params: {maxTokens: 1024}      # what is left out is not sent; some models refuse temperature
  #   limits: {concurrency: 8, requestsPerMinute: 1000, tokensPerMinute: 400000}
  #   price: {promptPerMillion: 0.08, audioPromptPerMillion: 4, completionPerMillion: 0.32}

  # The same for OpenAI, whose key is in OPENAI_API_KEY:
  # - {id: gpt-5.4, provider: openai, model: gpt-5.4, params: {maxTokens: 1024}}

  # The same for any OpenAI-compatible server: vLLM, Ollama, llama.cpp, LM Studio, a gateway.
  # - {id: local-server, provider: openai, endpoint: "http://127.0.0.1:8000/v1", model: any, auth: {type: none}}`;
