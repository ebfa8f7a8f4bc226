import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { filesBelow } from '../../../src/host/files-below.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import type { AdmittedVersion } from '../../../src/publish/admit.ts';
import { parseDestination } from '../../../src/publish/rsync/destination.ts';
import { publishWithRsync, rsyncOfFiles } from '../../../src/publish/rsync/rsync-place.ts';
import { publishFiles } from '../../../src/publish/tree/publish-files.ts';
import { freePort } from '../../../src/vm/free-port.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../samples/temporary.ts';
import { listening, type SshFleet, startSshFleet } from '../fleet/ssh-fleet.ts';
import { eventually } from '../stand-ins/eventually.ts';
import { bootFrom, bootWhile, type Reader, requestOf, sampleVersion } from './sample-places.ts';

const host = makeHost();
const work = sharedFolder();
const password = 'a password of the test';
let port: number;
let daemon: ChildProcess;
let ssh: SshFleet;
let old: AdmittedVersion;
let next: AdmittedVersion;

beforeAll(async () => {
  old = await sampleVersion(work(), 'old');
  next = await sampleVersion(work(), 'new');
  port = await freePort();
  await mkdir(join(work(), 'served'));
  await writeFile(join(work(), 'secrets'), `boot:${password}\n`, { mode: 0o600 });
  const settings = ['use chroot = no', 'uid = 0', 'gid = 0', `log file = ${join(work(), 'log')}`];
  const images = [`path = ${join(work(), 'served')}`, 'read only = no'];
  const closed = ['auth users = boot', `secrets file = ${join(work(), 'secrets')}`];
  await writeFile(
    join(work(), 'rsyncd.conf'),
    [
      ...settings,
      '[images]',
      ...images,
      '[closed]',
      ...images,
      ...closed,
      '[fixed]',
      images[0],
      'read only = yes',
      '',
    ].join('\n'),
  );
  const words = ['--daemon', '--no-detach', '--address=127.0.0.1', `--port=${String(port)}`];
  daemon = spawn('rsync', [...words, `--config=${join(work(), 'rsyncd.conf')}`], { stdio: 'ignore' });
  await listening(port, daemon, () => 'rsync --daemon');
  ssh = await startSshFleet(['store'], 'eval "exec $SSH_ORIGINAL_COMMAND"');
});
afterAll(async () => {
  daemon.kill();
  await ssh.stop();
});

/** A new folder below the module, its address, and a reader of it. */
async function place(module = 'images', at = port) {
  const name = `place-${(await filesBelow(work())).length}-${String(performance.now())}`;
  const folder = join(work(), 'served', name);
  const reader: Reader = (path) => readFile(join(folder, path)).catch(() => undefined);
  return { to: `rsync://127.0.0.1:${String(at)}/${module}/${name}`, folder, reader };
}

const publish = (to: string, version: AdmittedVersion, env: Record<string, string> = {}) =>
  publishWithRsync(host, requestOf(to, [version], { env }));

/** The same with short pauses between the tries. */
const publishSoon = (to: string, version: AdmittedVersion) => {
  const request = requestOf(to, [version]);
  const destination = parseDestination(to);
  return publishFiles(
    rsyncOfFiles({ host, destination, env: {}, signal: request.signal, pauseMs: 10 }),
    request,
  );
};

describe('a daemon', () => {
  test('gets the files first and then the pointer; a machine that boots in the middle gets one version', async () => {
    const { to, reader } = await place();
    const first = await publish(to, old);
    expect(first.versions[0]?.address).toMatch(new RegExp(`^${to}/slave/[0-9a-f]{16}/${old.version}$`));
    expect(await bootFrom(reader)).toBe('old');
    const booted = await bootWhile(reader, publish(to, next));
    expect(['old', 'old new', 'new']).toContain(booted.join(' '));
    expect(await bootFrom(reader)).toBe('new');
  });

  test('does not get again what it has, and an altered file is mended', async () => {
    const { to, folder, reader } = await place();
    const { sentBytes } = await publish(to, old);
    expect(sentBytes).toBeGreaterThan(300_000);
    expect((await publish(to, old)).sentBytes).toBe(0);
    const path = (await filesBelow(folder)).find((file) => file.endsWith('netboot/vmlinuz')) ?? '';
    const { mtime } = await stat(join(folder, path));
    await writeFile(join(folder, path), 'ALT kernel');
    await host.run('touch', ['-d', mtime.toISOString(), join(folder, path)]);
    expect((await publish(to, old)).sentBytes).toBe('old kernel'.length);
    expect(await bootFrom(reader)).toBe('old');
  });

  test('is asked with the password of RSYNC_PASSWORD, which is in no message', async () => {
    const { to, reader } = await place('closed');
    const user = to.replace('//', '//boot@');
    await publish(user, old, { RSYNC_PASSWORD: password });
    expect(await bootFrom(reader)).toBe('old');
    const error = await rejection(publish(user, next, { RSYNC_PASSWORD: `${password} wrong` }));
    expect(error).toMatchObject({ code: 'publish-failed' });
    expect(`${error.message} ${error.excerpt.join(' ')}`).not.toContain(password);
    expect(await bootFrom(reader)).toBe('old');
  });

  test('that refuses, that has no such module, or that does not run is reported with its own words', async () => {
    const readOnly = await rejection(publish((await place('fixed')).to, old));
    expect(readOnly.excerpt.join(' ')).toContain('read only');
    const none = await rejection(publish((await place('none')).to, old));
    expect(none).toMatchObject({ code: 'publish-failed' });
    expect(none.excerpt.join(' ')).toContain("Unknown module 'none'");
    const silent = await rejection(publishSoon((await place('images', await freePort())).to, old));
    expect(silent.message).toContain('in each of 4 tries');
  });

  test('whose connection breaks off is tried again; the old version boots until all is there', async () => {
    const { folder, reader, to } = await place();
    await publish(to, old);
    let cuts = 0;
    const proxy = await cutting(() => (cuts < 3 ? 100_000 + 60_000 * cuts++ : Infinity));
    const address = to.replace(String(port), String(proxy));
    await publishSoon(address, await sampleVersion(await temporaryFolder(), 'large', { rootBytes: 400_000 }));
    expect(cuts).toBe(3);
    expect(await bootFrom(reader)).toBe('large');
    expect((await filesBelow(folder)).filter((path) => path.includes('.ingot-partial'))).toEqual([]);
    const never = await cutting(() => 50_000);
    const error = await rejection(publishSoon(to.replace(String(port), String(never)), next));
    expect(error).toMatchObject({ code: 'publish-failed' });
    expect(await bootFrom(reader)).toBe('large');
  });
});

/** Resolves when the daemon serves nobody: a process whose connection broke off still writes what it had. */
const idle = () =>
  eventually('the daemon serves nobody', async () => {
    const pid = String(daemon.pid);
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.trim() === '' ? true : undefined;
  });

/**
 * A server in front of the daemon that cuts each connection after a number of bytes. It serves one only after the
 * daemon has ended the one before, as the pause between two tries does elsewhere.
 */
async function cutting(bytesOf: () => number): Promise<number> {
  const sockets = new Set<Socket>();
  const serve = (client: Socket) => {
    const upstream = connect(port, '127.0.0.1');
    let left = bytesOf();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (data) => {
      left -= data.length;
      if (left < 0) client.destroy();
      else upstream.write(data);
    });
    upstream.pipe(client);
  };
  const server: Server = createServer((client) => {
    client.on('error', () => undefined);
    void idle().then(
      () => {
        serve(client);
      },
      () => client.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await idle();
  });
  return (server.address() as { port: number }).port;
}

describe('over ssh', () => {
  const env = () => ({ RSYNC_RSH: `ssh -F ${ssh.sshConfig} -o BatchMode=yes`, HOME: '/root' });

  test('HOST:PATH gets the same files, with blanks in its path', async () => {
    const folder = join(await temporaryFolder(), 'boot of rack 1');
    const reader: Reader = (path) => readFile(join(folder, path)).catch(() => undefined);
    await publish(`store1:${folder}`, old, env());
    expect(await bootFrom(reader)).toBe('old');
    await publish(`store1:${folder}/`, next, env());
    expect(await bootFrom(reader)).toBe('new');
  });

  test('a server that ssh does not reach is reported with what to check', async () => {
    const request = requestOf('gone1:/srv', [old]);
    const destination = parseDestination('gone1:/srv');
    const error = await rejection(
      publishFiles(
        rsyncOfFiles({ host, destination, env: env(), signal: request.signal, pauseMs: 10 }),
        request,
      ),
    );
    expect(error).toMatchObject({ code: 'publish-failed' });
    expect(error.hint).toContain('ssh HOST works without a question');
  });

  test('a version that has changed since it was verified is not pointed to', async () => {
    const folder = await temporaryFolder();
    const altered = await sampleVersion(await temporaryFolder(), 'altered');
    await rm(join(altered.folder, 'vmlinuz'));
    await writeFile(join(altered.folder, 'vmlinuz'), 'altered kErnel');
    const error = await rejection(publish(`store1:${folder}`, altered, env()));
    expect(error).toMatchObject({ code: 'damaged-version' });
    expect((await filesBelow(folder)).filter((path) => !path.includes('/'))).toEqual([]);
  });
});
