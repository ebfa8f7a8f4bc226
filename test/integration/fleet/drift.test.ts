import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DriftInput } from '../../../src/cli/drift/options.ts';
import { drift } from '../../../src/cli/drift/run.ts';
import { serveFolder } from '../../../src/host/serve-folder.ts';
import { answerText, sampleRootHash, sampleVersion } from '../../samples/fleet.ts';
import { rejection } from '../../samples/temporary.ts';
import { fakeWorld } from '../../samples/world.ts';
import { makeVersion } from '../diff/compare/sample-versions.ts';
import { type SshFleet, startSshFleet } from './ssh-fleet.ts';

interface Said {
  readonly counts: Record<string, number>;
  readonly golden: readonly { role: string; version: string; from: string }[];
  readonly groups: readonly {
    state: string;
    label?: string;
    why?: string;
    nodes: string[];
    explanation?: { drifts: { path: string; owner: string; diff?: string[]; action: string }[] };
  }[];
}

const kinds = ['golden', 'edited', 'intruded', 'cut', 'slow', 'midway', 'old', 'none', 'endless'];
const program = `case $NODE in
golden) cat golden ;;
edited) cat edited; exit 3 ;;
intruded) cat intruded; exit 3 ;;
cut) head -c 900 edited ;;
slow) exec sleep 60 ;;
midway) head -c 300 golden; exec sleep 60 ;;
old) cat old ;;
none) echo 'sudo: ingot-drift: command not found' >&2; exit 1 ;;
endless) exec yes endless | tr -d '\\n' ;;
esac`;

let fleet: SshFleet;
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingot-fleet-'));
  fleet = await startSshFleet(kinds, program);
  const now = Date.now();
  for (const name of ['golden', 'edited', 'intruded'] as const)
    await writeFile(join(fleet.folder, name), answerText(name, now));
  await writeFile(join(fleet.folder, 'old'), answerText('golden', now - 26 * 3_600_000));
  // The version of the answers in the store, with a package and a rootfs of images/ in it.
  const version = await makeVersion(join(folder, 'out', 'slave'), sampleVersion, {
    script: `mkdir -p etc/ssh; echo 'PermitRootLogin no' >etc/ssh/sshd_config
      echo /etc/ssh/sshd_config >var/lib/dpkg/info/openssh-server.list`,
  });
  const boot = { schema: 1, role: 'slave', version: sampleVersion, rootHash: sampleRootHash };
  await writeFile(
    join(version, 'boot.json'),
    JSON.stringify({ ...boot, rootBytes: 1, kernelArguments: [], memoryMiB: 1 }),
  );
  await symlink(sampleVersion, join(folder, 'out', 'slave', 'latest'));
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

async function run(inventory: string, more: Partial<DriftInput> = {}) {
  const file = more.inventory ?? 'nodes.txt';
  await writeFile(join(folder, file), inventory);
  const { world, out } = fakeWorld({ cwd: folder, env: process.env });
  const code = await drift(world, {
    ...{ inventory: file, out: undefined, expect: [], seed: [], last: false, maxAge: 3600, parallel: 32 },
    ...{ timeout: 60, retries: 1, sshConfig: fleet.sshConfig, all: false, json: true },
    ...{ html: undefined, junit: undefined, channel: undefined, key: undefined },
    ...more,
  });
  const text = out();
  return { code, text, said: more.json === false ? undefined : (JSON.parse(text) as Said) };
}
const inState = (said: Said | undefined, state: string) =>
  (said?.groups ?? [])
    .filter((group) => group.state === state)
    .map(({ nodes, why }) => [nodes.join(' '), why]);

describe('ingot drift over ssh', () => {
  it('checks 200 nodes at once, in 200 sessions of a real sshd, and none fails', async () => {
    const { code, said } = await run('golden[001-200] role=slave\n', {
      parallel: 200,
      retries: 0,
      timeout: 500,
    });
    expect(said?.groups.filter(({ state }) => state !== 'golden')).toEqual([]);
    expect(said?.counts['golden']).toBe(200);
    expect(code).toBe(0);
  }, 600_000);

  it('checks a node for which ssh_config has its own login: a program, a terminal, local commands, the background', async () => {
    const config = join(folder, 'login_config');
    const mark = join(folder, 'local-command-ran');
    const login = [
      'RemoteCommand tmux attach',
      'RequestTTY force',
      'PermitLocalCommand yes',
      `LocalCommand touch ${mark}`,
      'SessionType none',
      'ForkAfterAuthentication yes',
      'ForwardX11 yes',
      'VisualHostKey yes',
    ];
    const own = await readFile(fleet.sshConfig, 'utf8');
    await writeFile(config, ['Host *', ...login.map((line) => `  ${line}`), own].join('\n'));
    const { code, said } = await run('golden[1-2] role=slave\n', { sshConfig: config, retries: 0 });
    expect(said?.groups.filter(({ state }) => state !== 'golden')).toEqual([]);
    expect(said?.counts['golden']).toBe(2);
    expect(code).toBe(0);
    expect(await readdir(folder)).not.toContain('local-command-ran');
  });

  it('groups nodes with the same drift, and explains it once with the origin of the path: exit status 3', async () => {
    const { code, said } = await run('golden[1-6]\nedited[1-3]\nintruded1\n', { out: 'out' });
    expect(code).toBe(3);
    expect(said?.golden).toMatchObject([{ role: 'slave', version: sampleVersion, from: 'store' }]);
    const drifted = said?.groups.filter(({ state }) => state === 'drifted') ?? [];
    expect(drifted.map(({ label, nodes }) => [label, nodes.join(' ')])).toEqual([
      ['A', 'edited1 edited2 edited3'],
      ['B', 'intruded1'],
    ]);
    const [edited, intruded] = drifted.map(({ explanation }) => explanation?.drifts ?? []);
    expect(edited?.[0]).toMatchObject({
      path: '/etc/docker/daemon.json',
      diff: ['-{}', '+{ "debug": true }'],
      action: 'adopt',
    });
    expect(intruded?.map(({ path, owner, action }) => [path, owner, action])).toEqual([
      ['/etc/ssh/sshd_config', 'package openssh-server', 'investigate'],
      ['/root/.ssh/authorized_keys', 'not part of the image', 'investigate'],
    ]);
  });

  it('distinguishes unreachable, too slow, cut off, stale, and without ingot-drift: exit status 1 if none is known to differ', async () => {
    const nodes = ['golden1', 'gone1', 'slow1', 'midway1', 'old1', 'none1', 'endless1'].join('\n');
    const { code, said } = await run(nodes, { out: 'out', timeout: 30, retries: 0 });
    expect(code).toBe(1);
    expect(inState(said, 'golden')).toEqual([['golden1', undefined]]);
    expect(inState(said, 'unreachable')).toEqual([
      ['slow1', 'no answer within 30 s'],
      ['gone1', 'port 1: Connection refused'],
    ]);
    expect(inState(said, 'stale')).toEqual([['old1', '26 h old']]);
    expect(inState(said, 'partial')).toEqual(
      expect.arrayContaining([
        ['midway1', 'its first line is cut off: no answer within 30 s'],
        ['none1', 'sudo: ingot-drift: command not found'],
        ['endless1', expect.stringMatching(/longer than 262144 bytes$/)],
      ]),
    );
  });

  it('detects an incomplete answer where the whole is needed, and takes another', async () => {
    const { said } = await run('cut1\nedited1\n');
    expect(inState(said, 'partial')).toEqual([['cut1', expect.stringMatching(/cut off|ends after/)]]);
    expect(said?.groups.find(({ state }) => state === 'drifted')?.explanation?.drifts).toHaveLength(2);
  });

  it('connects through a jump host, as in ssh_config and the inventory', async () => {
    const { code, said } = await run('golden1 jump=goldenbastion\n');
    expect(said?.counts).toMatchObject({ golden: 1 });
    expect(code).toBe(0);
  });

  it('ends every ssh when it is interrupted, and reports it', async () => {
    await writeFile(join(folder, 'slow.txt'), 'slow[1-20]\n');
    const stop = new AbortController();
    const { world } = fakeWorld({ cwd: folder, env: process.env, signal: stop.signal });
    setTimeout(() => {
      stop.abort(new Error('interrupted'));
    }, 300);
    const begun = Date.now();
    const options = {
      inventory: 'slow.txt',
      out: undefined,
      expect: [],
      seed: [],
      last: false,
      maxAge: 3600,
      channel: undefined,
      key: undefined,
    };
    await expect(
      drift(world, {
        ...{ ...options, parallel: 32, timeout: 60, retries: 1, sshConfig: fleet.sshConfig },
        ...{ all: false, json: true, html: undefined, junit: undefined },
      }),
    ).rejects.toThrow('interrupted');
    expect(Date.now() - begun).toBeLessThan(30_000);
  });
});

describe('ingot drift of stored answers', () => {
  it('reads a folder and a URL; a missing answer is unreachable', async () => {
    const now = Date.now();
    await mkdir(join(folder, 'answers'), { recursive: true });
    await writeFile(join(folder, 'answers', 'a.json'), answerText('golden', now));
    await writeFile(join(folder, 'answers', 'b.json'), answerText('both', now));
    await mkdir(join(folder, 'answers', 'c.json'), { recursive: true });
    const server = await serveFolder(join(folder, 'answers'));
    // A server that begins to answer and then disconnects.
    const dying = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write(answerText('golden', now).slice(0, 200), () => response.destroy());
    });
    await new Promise<void>((resolve) => dying.listen(0, '127.0.0.1', resolve));
    const address = dying.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      const { code, said } = await run(
        `nodes:
  - folder: answers
  - folder: answers
    nodes: [left-nothing]
  - {url: '${server.url}/a.json?of={node}', nodes: ['u[1-2]']}
  - {url: '${server.url}/{node}.none', nodes: [u3]}
  - {url: 'http://127.0.0.1:${String(port)}/{node}', nodes: [dying]}
`,
        { inventory: 'mixed.yaml', retries: 0 },
      );
      expect(code).toBe(3);
      expect(inState(said, 'golden')).toEqual([['a u1 u2', undefined]]);
      expect(inState(said, 'drifted')).toEqual([['b', undefined]]);
      expect(inState(said, 'unreachable')).toEqual(
        expect.arrayContaining([
          ['c', 'its answer is a folder'],
          ['left-nothing', 'it has left no answer'],
          ['u3', 'HTTP 404'],
        ]),
      );
      expect(inState(said, 'partial')).toEqual([['dying', expect.stringContaining('cut off')]]);
    } finally {
      await server.close();
      dying.closeAllConnections();
      dying.close();
    }
  });

  it('writes JUnit and HTML in addition to the text', async () => {
    const { text } = await run('nodes: [{folder: answers}]', {
      ...{ inventory: 'left.yaml', json: false, html: 'fleet.html', junit: 'fleet.xml', out: 'out' },
    });
    expect(text).toContain(`1 of golden slave ${sampleVersion}; 1 has drift A; 1 unreachable`);
    expect(await readFile(join(folder, 'fleet.xml'), 'utf8')).toContain('tests="3" failures="1" errors="1"');
    expect(await readFile(join(folder, 'fleet.html'), 'utf8')).toContain('/etc/ssh/sshd_config');
  });
});

describe('the golden version', () => {
  it('is the one that --expect names, by a version of the store or without a store', async () => {
    const inventory = { inventory: 'left.yaml' };
    const text = 'nodes: [{folder: answers, nodes: [a]}]';
    expect((await run(text, { ...inventory, expect: [`slave/${sampleVersion}`] })).code).toBe(0);
    const other = await run(text, { ...inventory, expect: ['slave/20261122-bbbbbbbbbbbb'] });
    expect(other.code).toBe(3);
    expect(inState(other.said, 'wrong version')[0]?.[1]).toContain('instead of 20261122-bbbbbbbbbbbb');
  });

  it('must exist if it was named', async () => {
    const text = 'nodes: [{folder: answers, nodes: [a]}]';
    const inventory = { inventory: 'left.yaml' };
    const store = await rejection(run(text, { ...inventory, out: 'nowhere' }));
    expect(store).toMatchObject({ code: 'no-image' });
    const version = await rejection(run(text, { ...inventory, expect: ['20261122-bbbbbbbbbbbb'] }));
    expect(version.message).toContain('20261122-bbbbbbbbbbbb');
  });
});
