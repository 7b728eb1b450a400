/** The files that `earsight init` writes: a configuration to fill in and a manifest of two lines. */

/** A commented `earsight.config.yaml`; it loads once its environment variables are set. */
export function configTemplate(): string {
  return `# What earsight compares. docs/configuration.md describes every member.
# Do not write keys here: name environment variables, or put keys into .env beside this file.
dataset: manifest.csv              # relative to this file
system: You are a careful reader. Answer in as few words as possible.

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

scorers: [exact, wer]              # for samples without scorers of their own
reporters: [csv, markdown]
# repeat: 3                        # runs of every sample
# maxCost: 5                       # USD
`;
}

/** A manifest of two samples without media, so that a first run works without other files. */
export function manifestTemplate(): string {
  return `id,prompt,image,audio,target
capital,What is the capital of France? Answer with the name only.,,,Paris
sum,What is 17 + 25? Answer with the number only.,,,42
`;
}
