import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkflowTemplate } from '@kubernetes-models/argo-workflows/argoproj.io/v1alpha1/WorkflowTemplate';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandLine, readCommandLine } from '../../../src/cli/command-line.ts';
import type { PipelineEngine } from '../../../src/render/pipeline-engines.ts';
import { sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { project } from '../built-ingot.ts';

const shared = sharedFolder();
const settings = [
  '--shared-cache',
  'oci://registry.example/cache',
  '--package',
  'https://example.org/ingot.tgz',
];

/** The pipeline of the example, with both roles and two targets. */
async function pipelineFor(engine: PipelineEngine, ...more: readonly string[]): Promise<string> {
  const { world, out } = fakeWorld({ cwd: project });
  await commandLine(world, ['pipeline', engine, 'examples/cluster.yaml', ...settings, ...more]);
  return out();
}

interface Job {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly scripts: readonly string[];
}
const texts: Record<PipelineEngine, string> = { github: '', gitlab: '', argo: '' };
const engines = Object.keys(texts) as PipelineEngine[];
beforeAll(async () => {
  for (const engine of engines) texts[engine] = await pipelineFor(engine);
});

/** The jobs of a pipeline in the order of its stages, one for each value of its matrix, as the engine would run them. */
const jobsOf: Record<PipelineEngine, (document: never) => Job[]> = {
  github: ({ env, jobs }: { env: Job['env']; jobs: Record<string, GithubJob> }) =>
    Object.entries(jobs).flatMap(([name, job]) => {
      const { role = [undefined], include } = job.strategy?.matrix ?? {};
      const cells: readonly Record<string, string>[] =
        include ?? role.map((one) => (one === undefined ? {} : { role: one }));
      return cells.map((cell) => {
        const fill = (text: string) =>
          text.replace(/\$\{\{ matrix\.(\w+) \}\}/g, (_, key: string) => cell[key] ?? '');
        const own = Object.fromEntries(Object.entries(job.env ?? {}).map(([key, text]) => [key, fill(text)]));
        return { name, env: { ...env, ...own }, scripts: job.steps.flatMap(({ run }) => run ?? []) };
      });
    }),
  gitlab: (document: Record<string, GitlabJob> & { stages: string[]; variables: Job['env'] }) =>
    document.stages.flatMap((name) => {
      const job = document[name];
      const cells = (job?.parallel?.matrix ?? [{}]).flatMap((cell) =>
        Array.isArray(cell['ROLE']) ? (cell['ROLE'] as string[]).map((ROLE) => ({ ...cell, ROLE })) : [cell],
      );
      return cells.map((cell) => ({
        ...{ name, scripts: job?.script ?? [] },
        env: { ...document.variables, ...(cell as Job['env']) },
      }));
    }),
  argo: ({ spec: { templates } }: { spec: { templates: ArgoTemplate[] } }) =>
    (templates[0]?.dag?.tasks ?? []).flatMap(({ name, withItems = [''] }) => {
      const script = templates.find((one) => one.name === name)?.script;
      return withItems.map((item) => {
        const cell: Record<string, string> = typeof item === 'string' ? { role: item } : item;
        const fill = (text: string) =>
          text.replace(/\{\{inputs\.parameters\.(\w+)\}\}/g, (_, key: string) => cell[key] ?? '');
        const env = Object.fromEntries((script?.env ?? []).map((one) => [one.name, fill(one.value ?? '')]));
        return { name, env, scripts: [script?.source ?? ''] };
      });
    }),
};
interface GithubJob {
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { role?: string[]; include?: Record<string, string>[] } };
  readonly steps: readonly { readonly run?: string }[];
}
interface GitlabJob {
  readonly parallel?: { readonly matrix: readonly Record<string, unknown>[] };
  readonly script: readonly string[];
}
interface ArgoTemplate {
  readonly name: string;
  readonly dag?: {
    readonly tasks: readonly { name: string; withItems?: (string | Record<string, string>)[] }[];
  };
  readonly script?: { readonly source: string; readonly env: readonly { name: string; value?: string }[] };
}

const jobs = (engine: PipelineEngine): Job[] => jobsOf[engine](parse(texts[engine]) as never);

test("GitLab's own schema accepts the pipeline, and refuses one with a wrong key", () => {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  const schema = JSON.parse(
    readFileSync(join(project, 'test/schemas/gitlab-ci.schema.json'), 'utf8'),
  ) as object;
  const valid = ajv.compile(schema);
  const document = parse(texts.gitlab) as Record<string, object>;
  expect([valid(document), valid.errors]).toEqual([true, null]);
  expect(valid({ ...document, bake: { ...document['bake'], artifacts: { path: ['x'] } } })).toBe(false);
});

test("the schema of Argo's WorkflowTemplate accepts the pipeline, and refuses one with a wrong type", () => {
  const document = parse(texts.argo) as ConstructorParameters<typeof WorkflowTemplate>[0];
  expect(() => {
    new WorkflowTemplate(document).validate();
  }).not.toThrow();
  const wrong = JSON.parse(
    JSON.stringify(document).replace('"template":"check"', '"template":3'),
  ) as typeof document;
  expect(() => {
    new WorkflowTemplate(wrong).validate();
  }).toThrow(/must be string/);
  // That schema allows unknown fields, which Kubernetes would drop: each key has to be a field of one of its types.
  const types = join(project, 'node_modules/@kubernetes-models');
  const fields = execFileSync(
    'grep',
    ['-rhoE', '^ +"?[A-Za-z]+"?\\??:', `${types}/argo-workflows/argoproj.io/v1alpha1`, '--include=*.d.ts'],
    {
      encoding: 'utf8',
    },
  );
  const known = new Set(fields.match(/[A-Za-z]+/g));
  const free = [
    'kvm',
    'role',
    'target',
    'files',
    'apiVersion',
    'kind',
    'metadata',
    'name',
    'value',
    'valueFrom',
    'secretKeyRef',
    'key',
    'privileged',
  ];
  const keys = (value: unknown): string[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, below]) => [
          ...(Array.isArray(value) ? [] : [key]),
          ...keys(below),
        ]);
  expect(keys(parse(texts.argo)).filter((key) => !known.has(key) && !free.includes(key))).toEqual([]);
});

test("GitHub's own parser accepts the workflow and its expressions", async () => {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } =
    await import('@actions/workflow-parser');
  const faults = async (content: string): Promise<string[]> => {
    const { context, value } = parseWorkflow({ name: 'images.yml', content }, new NoOperationTraceWriter());
    const read = context.errors.getErrors().map(({ message }) => message);
    if (value === undefined) return read;
    const made = await convertWorkflowTemplate(context, value);
    return [...read, ...(made.errors ?? []).map((one) => one.Message)];
  };
  expect(await faults(texts.github)).toEqual([]);
  expect(await faults(texts.github.replace('needs: prepare', 'needs: nothing'))).not.toEqual([]);
  expect(await faults(texts.github.replace('matrix.role', 'nothing.role'))).not.toEqual([]);
});

describe.each(engines)('the pipeline of %s', (engine) => {
  test('has a job for each role, one that boots both, and one for each target of each role', () => {
    const found = jobs(engine).map(({ name, env }) =>
      [name, env['ROLE'], env['TARGET']].filter(Boolean).join(' '),
    );
    expect(found.slice(0, 4)).toEqual(['check', 'prepare master', 'prepare slave', 'bake']);
    const { targets } = parse(readFileSync(join(project, 'examples/cluster.yaml'), 'utf8')) as {
      targets: string[];
    };
    expect(found.slice(4).sort()).toEqual(
      targets.flatMap((target) => [`deliver master ${target}`, `deliver slave ${target}`]).sort(),
    );
    expect(found.length).toBeGreaterThan(5);
    expect(texts[engine]).not.toContain('PRIVATE KEY');
  });

  test('runs step by step, each job with what the ones before hand on', async () => {
    const folder = join(shared(), engine);
    const calls = await runAll(folder, jobs(engine));
    expect(calls.slice(0, 2)).toEqual([
      'npm install --global --no-fund --no-audit https://example.org/ingot.tgz',
      'ingot setup',
    ]);
    const baked = calls.filter((line) => line.startsWith('ingot bake'));
    const cache = '--cache-from oci://registry.example/cache --cache-to oci://registry.example/cache';
    expect(baked).toEqual([
      `ingot bake examples/cluster.yaml --locked --role master --prepare ${cache}`,
      `ingot bake examples/cluster.yaml --locked --role slave --prepare ${cache}`,
      `ingot bake examples/cluster.yaml --locked ${cache} --json`,
    ]);
    expect((await readdir(join(folder, 'delivered/slave/qcow2'))).sort()).toEqual(
      expect.arrayContaining(['SHA256SUMS', 'SHA256SUMS.dsse', 'disk.qcow2']),
    );
  });

  test('runs only commands and options that ingot has', async () => {
    const calls = await runAll(await temporaryFolder(), jobs(engine));
    for (const line of calls.filter((one) => one.startsWith('ingot '))) {
      const { world, err } = fakeWorld();
      const ended = await readCommandLine(world, line.split(' ').slice(1), () => Promise.resolve());
      expect({ line, ended, err: err() }).toEqual({ line, ended: undefined, err: '' });
    }
  });

  test('values of the user stay data: nothing of them is run or read as YAML', async () => {
    const nasty = 'a"; touch pwned; #\n$(touch pwned) `touch pwned`';
    const { world, out } = fakeWorld({ cwd: project });
    await commandLine(world, [
      'pipeline',
      engine,
      'examples/cluster.yaml',
      '--shared-cache',
      nasty,
      '--package',
      nasty,
    ]);
    const own = jobsOf[engine](parse(out()) as never);
    expect(own[1]?.env['CACHE']).toBe(nasty);
    const folder = await temporaryFolder();
    await runAll(folder, own);
    expect(await readdir(folder)).not.toContain('pwned');
  });
});

/** Runs the scripts of all jobs in order with a fake ingot, which notes how it was called and writes what a bake does. */
async function runAll(folder: string, all: readonly Job[]): Promise<string[]> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  const fake = `#!/bin/bash
echo "\${0##*/} $*" >> "$CALLS"
case "$1 $*" in bake*--json*)
  for role in master slave; do
    mkdir -p out/$role/V/{ec2,netboot} && ln -sfn V out/$role/latest
    for file in SHA256SUMS SHA256SUMS.dsse disk.qcow2 disk.raw.zst; do echo x > out/$role/V/$file; done
    for file in $FAKED; do mkdir -p "$(dirname "out/$role/V/$file")"; echo x > "out/$role/V/$file"; done
  done
  echo '{}' ;;
esac
`;
  for (const name of ['ingot', 'npm']) await writeFile(join(folder, 'bin', name), fake, { mode: 0o755 });
  const calls = join(folder, 'calls');
  const faked = all.flatMap(({ env }) => env['FILES'] ?? []).join(' ');
  for (const { env, scripts } of all)
    for (const input of scripts) {
      const path = `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`;
      const { status, stderr } = spawnSync('bash', ['-s'], {
        ...{ input, cwd: folder, encoding: 'utf8' },
        env: { ...env, PATH: path, CALLS: calls, FAKED: faked },
      });
      expect({ input, status, stderr }).toEqual({ input, status: 0, stderr: '' });
    }
  return (await readFile(calls, 'utf8')).trimEnd().split('\n');
}
