import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { IS_BUILT, startCommand } from '../helpers/command.ts';
import { scriptedProject } from '../helpers/scripted-models.ts';

vi.setConfig({ testTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const stepsOf = (path: string): readonly Step[] =>
  Object.values(parse(read(path)).jobs as Record<string, { readonly steps: readonly Step[] }>).flatMap(
    ({ steps }) => steps,
  );

/** A repository with a baseline and a `npx` that starts the built command; removed by `remove`. */
async function repository() {
  const project = await scriptedProject({ samples: 100 });
  for (const name of ['a', 'b', 'c']) await startCommand(project.folder, ['run', '--out', name]).ended;
  await startCommand(project.folder, ['baseline', 'set', 'a', 'b', 'c', '--out', 'baselines/main.jsonl']).ended;
  project.folder.write({ '.gitignore': 'results/\nb/\nc/\n' });
  cpSync(join(project.folder.directory, 'a'), join(project.folder.directory, 'recorded/main'), { recursive: true });
  rmSync(join(project.folder.directory, 'a'), { recursive: true });
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
      cwd: project.folder.directory,
    });
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'Start');
  const folder = mkdtempSync(join(tmpdir(), 'earsight-ci-'));
  mkdirSync(join(folder, 'bin'));
  const npx = `#!/bin/sh\n[ "$1" = --yes ] && shift\nshift\nexec "${process.execPath}" "${join(root, 'dist/cli.js')}" "$@"\n`;
  writeFileSync(join(folder, 'bin/npx'), npx, { mode: 0o755 });
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '-q', project.folder.directory, clone]);
  return { project, clone, bin: join(folder, 'bin'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs the steps one by one as a runner does, without the actions of others; stops at the first that fails. */
async function execute(steps: readonly Step[], clone: string, bin: string) {
  const summary = join(clone, '..', 'summary.md');
  writeFileSync(summary, '');
  let output = '';
  for (const { run, env = {} } of steps) {
    if (run === undefined || run.includes('gh api')) continue;
    const own = Object.fromEntries(Object.keys(env).map((name) => [name, 'a-secret-of-the-job']));
    const { code, text } = await bash(run, clone, {
      ...own,
      ...{ PATH: `${bin}:${process.env['PATH']}`, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: clone },
      GITHUB_STEP_SUMMARY: summary,
    });
    output += text;
    if (code !== 0) return { code, output, summary: readFileSync(summary, 'utf8') };
  }
  return { code: 0, output, summary: readFileSync(summary, 'utf8') };
}

async function bash(script: string, cwd: string, env: Readonly<Record<string, string>>) {
  const { spawn } = await import('node:child_process');
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more) => {
      text += more;
    });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

const hasGit = spawnSync('git', ['--version']).status === 0;

describe.skipIf(!IS_BUILT || !hasGit)('the workflow for GitHub, step by step in a fresh clone', () => {
  test('without a drop it ends with 0, with a planted drop with 1', async () => {
    const { project, clone, bin, remove } = await repository();
    await using _ = project;
    try {
      const steps = stepsOf('examples/ci/github-actions.yml');
      const good = await execute(steps, clone, bin);
      rmSync(join(clone, 'results'), { recursive: true });
      project.behave((question) => (question < 15 ? 'no' : 'yes'));
      const bad = await execute(steps, clone, bin);

      expect(good.output).toContain('gate: inconclusive');
      expect(good.code).toBe(0);
      expect(bad.code).toBe(1);
      expect(bad.output).toContain('::error file=manifest.csv,line=2,title=s0 is worse::');
      expect(bad.summary).toContain('Gate: regressed');
    } finally {
      remove();
    }
  });

  test('a replay sends nothing and gates changed targets', async () => {
    const { project, clone, bin, remove } = await repository();
    await using _ = project;
    try {
      const sent = project.endpoint.requests.length;
      const outcome = await execute(stepsOf('examples/ci/github-forks.yml'), clone, bin);

      expect(outcome.output).toContain('gate: inconclusive');
      expect(outcome.code).toBe(0);
      expect(project.endpoint.requests.length).toBe(sent);
    } finally {
      remove();
    }
  });
});

describe.skipIf(!IS_BUILT)('the composite action', () => {
  const action = parse(read('action.yml')) as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly steps: readonly (Step & { readonly env: Readonly<Record<string, string>> })[] };
  };

  test('passes its inputs on as options, never as script', async () => {
    const [step] = action.runs.steps;
    const folder = mkdtempSync(join(tmpdir(), 'earsight-action-'));
    try {
      writeFileSync(join(folder, 'npx'), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
      const values = {
        ...step?.env,
        CONFIG: 'a b.yaml',
        BASELINE: '$(touch x).jsonl',
        OUT: 'out',
        MAX_COST: '5',
        MORE: '--limit 3',
        VERSION: '1',
      };
      const { code, text } = await bash(step?.run ?? '', folder, {
        ...values,
        PATH: `${folder}:${process.env['PATH']}`,
      });

      expect(code).toBe(0);
      expect(text.trimEnd().split('\n')).toEqual([
        ...['--yes', 'earsight@1', 'run', 'a b.yaml', '--out', 'out', '--yes'],
        ...['--baseline', '$(touch x).jsonl', '--max-cost', '5', '--limit', '3'],
      ]);
      expect(step?.run).not.toContain('${{');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('the page names every input', () => {
    for (const name of Object.keys(action.inputs)) expect(read('docs/ci.md')).toContain(`\`${name}\``);
  });
});

test.each(['azure-pipelines.yml', 'gitlab-ci.yml'])('%s runs the command that the page describes', (name) => {
  const text = read(`examples/ci/${name}`);

  expect(() => parse(text)).not.toThrow();
  expect(text).toContain('earsight run --out results/pr --baseline baselines/main.jsonl --max-cost 5 --yes');
  expect(text).toContain('junit*.xml');
});
