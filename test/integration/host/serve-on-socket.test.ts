import { mkdir, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serveOnSocket } from '../../../src/host/serve-folder.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const ask = (socketPath: string, path: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    get({ socketPath, path }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text });
      });
    }).on('error', reject);
  });

test('each folder is served below its own path, and nothing else of the host', async () => {
  const work = await temporaryFolder();
  await mkdir(join(work, 'version'));
  await writeFile(join(work, 'version', 'boot.json'), 'a version');
  await writeFile(join(work, 'secret'), 'a secret');
  const socket = join(work, 'web');
  const server = await serveOnSocket(new Map([['/slave/v1', join(work, 'version')]]), socket);
  expect(await ask(socket, '/slave/v1/boot.json')).toEqual({ status: 200, text: 'a version' });
  for (const path of [
    ...['/slave/v1/../../secret', '/slave/v1/%2e%2e/secret', '/slave/v10/boot.json', '/slave/v1', '/'],
    ...[`/slave/v1/..${work}/secret`, join(work, 'secret')],
  ])
    expect(await ask(socket, path), path).toMatchObject({ status: 404 });
  await server.close();
});
