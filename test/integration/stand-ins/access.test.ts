import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench, ended, type Running } from './bench.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

let bench: Bench;
let zk: number;
let master: number;
beforeAll(async () => {
  bench = new Bench();
  [zk, master] = [await freePort(), await freePort()];
  bench.startZooKeeper(zk);
  bench.start('master', 'usr/sbin/mesos-master', [
    `--zk=zk://127.0.0.1:${zk}/mesos`,
    ...['--quorum=1', '--ip=127.0.0.1', `--port=${master}`, `--work_dir=${bench.folder}/master`],
    ...['--no-hostname_lookup', '--webui_dir=/nonexistent', `--credentials=${file('masters', list)}`],
    ...['--authenticate_agents', '--authenticate_frameworks', '--authenticate_http_readonly'],
    ...['--authenticate_http_readwrite', `--acls=${JSON.stringify(acls)}`],
  ]);
  await eventually('the master leads', async () =>
    (await ask('/metrics/snapshot', operator)).text.includes('"master/elected": 1.0') ? true : undefined,
  );
});
afterAll(() => bench.close());

const list = {
  credentials: [
    { principal: 'agents', secret: 'a' },
    { principal: 'intruder', secret: 'i' },
    { principal: 'operator', secret: 'o' },
  ],
};
const acls = {
  register_agents: [
    { principals: { values: ['agents'] }, agents: { type: 'ANY' } },
    { principals: { type: 'ANY' }, agents: { type: 'NONE' } },
  ],
  get_endpoints: [
    { principals: { values: ['operator'] }, paths: { type: 'ANY' } },
    { principals: { type: 'NONE' }, paths: { type: 'ANY' } },
  ],
  update_quotas: [
    { principals: { values: ['operator'] }, roles: { values: ['web'] } },
    { principals: { type: 'NONE' }, roles: { type: 'ANY' } },
  ],
};
const operator = 'operator:o';

function file(name: string, content: object): string {
  const path = join(bench.folder, `${name}.json`);
  mkdirSync(bench.folder, { recursive: true });
  writeFileSync(path, JSON.stringify(content));
  return path;
}

async function ask(path: string, login?: string, body?: object) {
  const reply = await fetch(`http://127.0.0.1:${master}${path}`, {
    redirect: 'manual',
    headers: login === undefined ? {} : { Authorization: `Basic ${btoa(login)}` },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  return { status: reply.status, realm: reply.headers.get('WWW-Authenticate'), text: await reply.text() };
}

async function agent(name: string, credential?: object, env: Record<string, string> = {}): Promise<Running> {
  const port = await freePort();
  return bench.start(
    name,
    'usr/sbin/mesos-slave',
    [
      `--master=127.0.0.1:${master}`,
      ...['--ip=127.0.0.1', `--port=${port}`, `--work_dir=${bench.folder}/${name}`, '--no-hostname_lookup'],
      ...['--registration_backoff_factor=100ms'],
      ...(credential === undefined ? [] : [`--credential=${file(name, credential)}`]),
    ],
    env,
  );
}

const says = (running: Running, text: RegExp) =>
  eventually(`the log says ${text.source}`, () => Promise.resolve(text.exec(running.log()) ?? undefined));

test('an agent with the right credential registers', async () => {
  await says(await agent('right', { principal: 'agents', secret: 'a' }), /Registered with master/);
});

test('an agent with a wrong secret is refused, and exits with 1, as the real one does', async () => {
  const running = await agent('wrong', { principal: 'agents', secret: 'b' });
  expect(await ended(running)).toBe(1);
  expect(running.log()).toMatch(/Master master@127\.0\.0\.1:\d+ refused authentication/);
});

test('an agent without a credential, or whose principal the ACLs do not admit, never registers', async () => {
  await says(await agent('nobody'), /Refusing registration of agent .* because it is not authenticated/);
  await says(
    await agent('other', { principal: 'intruder', secret: 'i' }),
    /not authorized to register as agent/,
  );
});

test('without the SASL plugin for CRAM-MD5 nobody can log in', async () => {
  const running = await agent('sasl', { principal: 'agents', secret: 'a' }, { SASL_PATH: '/nonexistent' });
  await says(running, /Failed to start the SASL client: SASL\(-4\): no mechanism available/);
});

test('HTTP requires a login in the realm of the endpoint; health, version and the redirect do not', async () => {
  expect(await ask('/flags')).toMatchObject({ status: 401, realm: 'Basic realm="mesos-master-readonly"' });
  expect(await ask('/flags', 'operator:wrong')).toMatchObject({ status: 401 });
  expect(await ask('/api/v1', undefined, { type: 'GET_QUOTA' })).toMatchObject({
    ...{ status: 401, realm: 'Basic realm="mesos-master-readwrite"' },
  });
  for (const path of ['/health', '/version', '/master/redirect'])
    expect((await ask(path)).status).toBeLessThan(400);
  expect((await ask('/flags', operator)).status).toBe(200);
  expect((await ask('/metrics/snapshot', 'agents:a')).status).toBe(403);
});

test('quotas are set, read again, and refused if the ACLs or the role forbid them', async () => {
  const update = (role: string, cpus: number) =>
    ask('/api/v1', operator, {
      type: 'UPDATE_QUOTA',
      update_quota: { force: false, quota_configs: [{ role, limits: { cpus: { value: cpus } } }] },
    });
  expect((await update('web', 8)).status).toBe(200);
  expect((await update('batch', 8)).status).toBe(403);
  expect(await update('*', 8)).toMatchObject({
    status: 400,
    text: expect.stringContaining('Invalid role') as string,
  });
  const { text } = await ask('/api/v1', operator, { type: 'GET_QUOTA' });
  expect(JSON.parse(text)).toMatchObject({
    get_quota: { status: { configs: [{ role: 'web', limits: { cpus: { value: 8 } } }] } },
  });
});

test('the web interface is off if its folder does not exist', async () => {
  expect((await ask('/')).status).toBe(404);
});

test('a master that requires logins over HTTP but has no credentials ends, in Mesos’ words', async () => {
  const running = bench.start('bare', 'usr/sbin/mesos-master', [
    ...[`--zk=zk://127.0.0.1:${zk}/other`, '--quorum=1', '--ip=127.0.0.1', `--port=${await freePort()}`],
    ...[`--work_dir=${bench.folder}/bare`, '--authenticate_http_readonly'],
  ]);
  expect(await ended(running)).toBe(1);
  expect(running.log()).toContain(
    "No credentials provided for the default 'basic' HTTP authenticator for realm 'mesos-master-readonly'",
  );
});
