import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parseSample } from '../../../src/rehearse/node-sample.ts';
import { watcherProgram } from '../../../src/rehearse/watcher-program.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const project = join(import.meta.dirname, '../../..');
const address = '127.0.77.51';

/** An agent's answer in Mesos' own form: its tasks are below executors, ended ones elsewhere. */
const state = {
  frameworks: [
    {
      executors: [
        {
          tasks: [{ id: 'x.1', state: 'TASK_RUNNING' }],
          completed_tasks: [{ id: 'x.0', state: 'TASK_FINISHED' }],
        },
        { tasks: [{ id: 'x.2', state: 'TASK_STAGING' }] },
      ],
    },
    // The form of the stand-in.
    { tasks: [{ id: 'y.1', state: 'TASK_RUNNING' }] },
  ],
};

async function serveAgent(): Promise<void> {
  const answers: Readonly<Record<string, object>> = {
    '/metrics/snapshot': { 'slave/registered': 1 },
    '/state': state,
  };
  const server = createServer((request, response) => {
    const body = answers[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(5051, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

test.each([
  // The image's own modules, by their paths below /usr/lib/ingot.
  ['a current node', 'ingot_node/', ['__init__', 'cluster_api', 'cluster_channel', 'cluster_login']],
  [
    'a node of an older ingot whose modules were not in a package',
    '',
    ['cluster_api', 'cluster_channel', 'cluster_login'],
  ],
  ['a node from before cluster_api.py, as at the start of an upgrade', '', []],
])('the watcher reports which tasks an agent has: %s', async (_, below, modules) => {
  await serveAgent();
  const root = await temporaryFolder();
  for (const folder of ['usr/lib/ingot', 'run/ingot']) mkdirSync(join(root, folder), { recursive: true });
  mkdirSync(join(root, 'usr/lib/ingot', below), { recursive: true });
  for (const module of modules) {
    const text = readFileSync(join(project, 'node-tools/ingot_node', `${module}.py`), 'utf8');
    const own = below === '' ? text.replaceAll(/from ingot_node import/g, 'import') : text;
    const used = `\nopen(${JSON.stringify(join(root, 'used'))}, "w").write(__name__)\n`;
    writeFileSync(
      join(root, 'usr/lib/ingot', below, `${module}.py`),
      module === 'cluster_api' ? `${own}${used}` : own,
    );
  }
  writeFileSync(join(root, 'run/ingot/address'), address);
  writeFileSync(join(root, 'usr/lib/ingot/release.json'), '{"role": "slave"}');
  const template = readFileSync(join(project, 'templates/rehearse/watch.py'), 'utf8');
  const watcher = join(root, 'watch.py');
  writeFileSync(watcher, await watcherProgram(template, join(project, 'node-tools')));
  const words = ['-sEB', watcher, `--root=${root}`, '--looks=1'];
  const { stdout } = await promisify(execFile)('/usr/bin/python3', words);
  const own = modules.length === 0 ? [] : [`${below.replace('/', '.')}cluster_api`];
  expect(existsSync(join(root, 'used')) ? [readFileSync(join(root, 'used'), 'utf8')] : []).toEqual(own);
  expect(parseSample(stdout.trim())?.agent).toMatchObject({
    registered: true,
    tasks: { 'x.1': 'TASK_RUNNING', 'x.2': 'TASK_STAGING', 'y.1': 'TASK_RUNNING' },
  });
});
