import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../built-ingot.ts';

const run = promisify(execFile);
let folder: string;
let server: Server;
let elected = 1;
let refuses: string | undefined;
let there: Record<string, Record<string, number>> = {};
const updates: unknown[] = [];
const logins: (string | undefined)[] = [];

interface Call {
  readonly type: string;
  readonly update_quota?: { quota_configs: [{ role: string; limits: Record<string, { value: number }> }] };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Starts the quota calls of a leading master, on the address and port that a node uses for its own master. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quotas-'));
  [elected, refuses, there] = [1, undefined, {}];
  updates.length = logins.length = 0;
  server = createServer((request, reply) => {
    void textOf(request).then((text) => {
      logins.push(request.headers.authorization);
      if (request.url === '/metrics/snapshot')
        return reply.end(JSON.stringify({ 'master/elected': elected }));
      const call = JSON.parse(text) as Call;
      const [config] = call.update_quota?.quota_configs ?? [];
      if (config === undefined) {
        const configs = Object.entries(there).map(([role, limits]) => ({
          role,
          limits: Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, { value }])),
        }));
        return reply.end(JSON.stringify({ type: 'GET_QUOTA', get_quota: { status: { configs } } }));
      }
      updates.push(config.role);
      if (refuses === config.role) return reply.writeHead(400).end('Invalid QuotaConfig: too much');
      there[config.role] = Object.fromEntries(
        Object.entries(config.limits).map(([name, { value }]) => [name, value]),
      );
      return reply.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Runs the program quotas with its files in a folder; the master's port is that of the server. */
async function quotas(wanted: object): Promise<{ code: number; said: string }> {
  const path = (name: string) => join(folder, name);
  writeFileSync(path('quotas.json'), JSON.stringify(wanted));
  writeFileSync(path('operator'), 'operator\n');
  writeFileSync(path('secret'), 's3');
  const { port } = server.address() as { port: number };
  const program = `
import sys, json, importlib.util, importlib.machinery
sys.path.insert(0, ${JSON.stringify(join(project, 'node-tools'))})
from ingot_node import cluster_login, cluster_api, cluster_mesos
cluster_login.PORTS, cluster_login.NAME, cluster_login.SECRET = (${port},), ${JSON.stringify(path('operator'))}, ${JSON.stringify(path('secret'))}
cluster_api.MASTER_PORT = ${port}
cluster_mesos.QUOTAS, cluster_mesos.QUOTAS_REFUSED = ${JSON.stringify(path('quotas.json'))}, ${JSON.stringify(path('refused'))}
loader = importlib.machinery.SourceFileLoader("quotas", ${JSON.stringify(join(project, 'node-tools/programs/master/usr/lib/ingot/quotas'))})
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("quotas", loader)); loader.exec_module(module)
print(json.dumps(module.set_all("127.0.0.1", json.load(open(cluster_mesos.QUOTAS)))))
`;
  return run('python3', ['-B', '-c', program]).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: unknown) => {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, said: stderr };
    },
  );
}

const wanted = [
  { role: 'web', limits: { cpus: 8 } },
  { role: 'batch', limits: { cpus: 2, mem: 512 } },
];

test('the leading master gets only the quotas that it does not have', async () => {
  there = { web: { cpus: 8 }, other: { cpus: 1 } };
  expect((await quotas(wanted)).said).toContain('the quota of batch is set');
  expect(updates).toEqual(['batch']);
  expect(there).toEqual({ web: { cpus: 8 }, other: { cpus: 1 }, batch: { cpus: 2, mem: 512 } });
  updates.length = 0;
  expect((await quotas(wanted)).said.trim()).toBe('[]');
  expect(updates).toEqual([]);
});

test('a master that does not lead sets nothing', async () => {
  elected = 0;
  expect((await quotas(wanted)).said.trim()).toBe('null');
  expect(updates).toEqual([]);
});

test('a refusal is reported with the quota and the master’s reason, and the other quotas are still set', async () => {
  refuses = 'web';
  expect((await quotas(wanted)).said).toContain(
    'the quota of web ({\\"cpus\\": 8}) is refused: Invalid QuotaConfig: too much',
  );
  expect(there).toHaveProperty('batch');
});

test('every request has the login of the node', async () => {
  await quotas(wanted);
  expect(new Set(logins)).toEqual(new Set([`Basic ${btoa('operator:s3')}`]));
});
