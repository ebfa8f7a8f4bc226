import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCommandLine } from '../../../src/cli/command-line.ts';
import { environment } from '../../../src/cli/environment.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const read = (name: string) => readFileSync(join(project, 'examples/ci', name), 'utf8');

/** All texts under the keys `run` and `script` of a YAML document, wherever they are. */
function scriptsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => {
    if (!['run', 'script', 'before_script'].includes(key)) return scriptsIn(below);
    return [(Array.isArray(below) ? below : [below]).join('\n')];
  });
}

const examples: readonly (readonly [name: string, scripts: readonly string[]])[] = [
  ...['github/action.yml', 'github/workflow.yml', 'gitlab-ci.yml'].map(
    (name) => [name, scriptsIn(parse(read(name)))] as const,
  ),
  ['Jenkinsfile', [...read('Jenkinsfile').matchAll(/sh '''([\s\S]*?)'''/g)].map(([, script = '']) => script)],
];

/** The command lines of ingot in a script, as bash would pass them on: here every variable is a file name. */
function commandsIn(script: string): string[][] {
  const lines = script.replaceAll('\\\n', ' ').split('\n');
  return lines.flatMap((line) => {
    const [, args] = /(?:^|[\s;])ingot"?\)?"? ([a-z][^;>]*)/.exec(line) ?? [];
    return args === undefined || /npm install/.test(line)
      ? []
      : [
          args
            .replaceAll(/"?\$\{?([A-Z_]+)\}?/g, '$1')
            .replaceAll('"', '')
            .trim()
            .split(/\s+/),
        ];
  });
}

describe.each(examples)('the example %s', (name, scripts) => {
  it('has scripts that bash can read', () => {
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
      expect({ script, status, stderr }).toEqual({ script, status: 0, stderr: '' });
    }
  });

  it('runs only commands and options that ingot has', async () => {
    const found = scripts.flatMap(commandsIn);
    if (name !== 'github/workflow.yml')
      expect(new Set(found.map(([command]) => command))).toEqual(
        new Set(['setup', 'check', 'lock', 'bake', 'verify']),
      );
    for (const args of found) {
      const { world, err } = fakeWorld();
      const ended = await readCommandLine(world, args, () => Promise.resolve());
      expect({ args, ended, err: err() }).toEqual({ args, ended: undefined, err: '' });
    }
  });

  it('sets only variables of ingot that exist, and contains no key', () => {
    const known = environment.map((one) => one.name);
    for (const [variable] of read(name).matchAll(/\bINGOT_[A-Z_]+\b/g)) expect(known).toContain(variable);
    expect(read(name)).not.toContain('PRIVATE KEY');
  });
});

it('the action has every input that its steps read, and the workflow gives every input that is required', () => {
  const action = parse(read('github/action.yml')) as {
    readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  };
  const used = [...read('github/action.yml').matchAll(/inputs\.([a-z-]+)/g)].map(([, input]) => input);
  expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
  const workflow = parse(read('github/workflow.yml')) as {
    jobs: { bake: { steps: { uses?: string; with?: Record<string, string> }[] } };
  };
  const given = workflow.jobs.bake.steps.find(({ uses }) => uses === './.github/actions/ingot')?.with ?? {};
  const required = Object.keys(action.inputs).filter((key) => action.inputs[key]?.default === undefined);
  expect(Object.keys(given)).toEqual(expect.arrayContaining(required));
  for (const key of Object.keys(given)) expect(Object.keys(action.inputs)).toContain(key);
});

it('the pipeline of Jenkins has balanced braces, and each stage has steps', () => {
  const text = read('Jenkinsfile').replace(/sh '''[\s\S]*?'''|'[^'\n]*'|\/\/.*/g, '');
  expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
  expect(text.match(/\bsteps \{/g)?.length).toBe(text.match(/\bstage\(/g)?.length);
});
