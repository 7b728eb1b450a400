/** Reads the doc comments of the public functions and compiles their examples. */

import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const entry = join(root, 'src/index.ts');

const options: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root)
    .options,
  noEmit: true,
  paths: { earsight: ['./src/index.ts'] },
};

export interface PublicFunction {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
}

/** Every function that `index.ts` exports, with its doc comment. */
export function publicFunctions(): readonly PublicFunction[] {
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} has no exports`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.declarations?.some(ts.isFunctionDeclaration))
    .map((symbol) => ({
      name: symbol.name,
      summary: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      example: symbol
        .getJsDocTags()
        .filter(({ name }) => name === 'example')
        .map(({ text }) => ts.displayPartsToString(text))
        .join('\n'),
    }));
}

/** Compiles programs, by name, as if they were files of `test/`; returns what the compiler reports. */
export function compilerProblems(texts: ReadonlyMap<string, string>): readonly string[] {
  const files = new Map([...texts].map(([name, text]) => [join(root, 'test', `example-${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => `${basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
  );
}
