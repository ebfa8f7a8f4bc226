import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiffInput } from '../../../src/cli/diff/options.ts';
import { diff } from '../../../src/cli/diff/run.ts';
import type { ImageDiff } from '../../../src/diff/image-diff.ts';
import { sha256File } from '../../../src/host/sha256-file.ts';
import type { Lock } from '../../../src/inputs/lock/lock.ts';
import { lockText } from '../../../src/inputs/lock/lock-file.ts';
import { addToPool } from '../../../src/inputs/pool/pool.ts';
import { sumsText } from '../../../src/version/sums.ts';
import { host, makeVersion, type Planted } from './compare/sample-versions.ts';

const folder = mkdtempSync(join(tmpdir(), 'ingot-diff-'));
const [out, pool] = [join(folder, 'out'), join(folder, 'pool')];
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command as a user in the temporary folder; returns its output. */
async function run(
  before: string,
  after: string,
  more: Partial<DiffInput> = {},
): Promise<{ code: number; text: string }> {
  let text = '';
  const options = {
    before,
    after,
    out: 'out',
    pool: undefined,
    format: 'text',
    all: false,
    ...more,
  } as const;
  const code = await diff(
    {
      host,
      out: (part) => (text += part),
      err: () => undefined,
      cwd: folder,
      env: { INGOT_POOL: pool },
      stream: process.stderr,
      signal: new AbortController().signal,
    },
    options,
  );
  return { code, text };
}

interface Deb {
  readonly version: string;
  readonly sha256: string;
}

/** A version of the store with the records that diff reads: boot.json, the bill of materials, and its digests. */
async function publish(name: string, planted: Planted, tool: Deb, kernelArguments: string[]): Promise<void> {
  const version = await makeVersion(join(out, 'slave'), name, planted);
  const record = {
    ...{ schema: 1, role: 'slave', version: name, rootHash: tool.sha256, rootBytes: 1, memoryMiB: 512 },
    kernelArguments: [`ingot.version=${name}`, ...kernelArguments],
  };
  writeFileSync(join(version, 'boot.json'), JSON.stringify(record));
  const component = {
    name: 'tool',
    version: tool.version,
    purl: `pkg:deb/debian/tool@${tool.version}?arch=all`,
    hashes: [{ content: tool.sha256 }],
  };
  writeFileSync(join(version, 'sbom.cdx.json'), JSON.stringify({ components: [component] }));
  const names = readdirSync(version);
  const digests = names.map(async (one): Promise<[string, string]> => [
    one,
    await sha256File(join(version, one)),
  ]);
  writeFileSync(join(version, 'SHA256SUMS'), sumsText(new Map(await Promise.all(digests))));
}

const changelog = `tool (2-1) bookworm-security; urgency=high

  * Fix CVE-2026-12345.

 -- A B <a@example.org>  Fri, 27 Nov 2026 10:00:00 +0000

tool (1-1) unstable; urgency=low

  * Fix CVE-2020-11111.

 -- A B <a@example.org>  Thu, 26 Nov 2026 10:00:00 +0000
`;

/** A .deb with that changelog, in the pool. */
async function pooledDeb(version: string): Promise<Deb & { size: number }> {
  const tree = join(folder, `tool-${version}`);
  mkdirSync(join(tree, 'DEBIAN'), { recursive: true });
  mkdirSync(join(tree, 'usr/share/doc/tool'), { recursive: true });
  const control = {
    Package: 'tool',
    Version: version,
    Architecture: 'all',
    Maintainer: 'A <a@b>',
    Description: 'x',
  };
  const lines = Object.entries(control).map(([key, value]) => `${key}: ${value}\n`);
  writeFileSync(join(tree, 'DEBIAN/control'), lines.join(''));
  writeFileSync(join(tree, 'usr/share/doc/tool/changelog.Debian.gz'), gzipSync(changelog));
  const file = `${tree}.deb`;
  await host.run('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
  const [sha256, size] = [await sha256File(file), 1];
  await addToPool(pool, file, { sha256, size, label: 'tool' }, 'copy');
  return { version, sha256, size };
}

const [old, young] = ['20261126-aaaaaaaaaaaa', '20261127-bbbbbbbbbbbb'];
let debs: [Deb, Deb & { size: number }];

beforeAll(async () => {
  debs = [{ version: '1-1', sha256: 'a'.repeat(64) }, await pooledDeb('2-1')];
  const wants = 'etc/systemd/system/multi-user.target.wants';
  const both = `mkdir -p ${wants}; ln -s /lib/a.service ${wants}/a.service; echo 'root:*:1::' > etc/shadow; chmod 640 etc/shadow; chown 0:0 etc/shadow`;
  await publish(old, { script: both }, debs[0], ['quiet']);
  const script = `${both}; sed -i s/two/deux/ etc/tool.conf; mv ${wants}/a.service ${wants}/b.service
    echo 'root::1::' > etc/shadow; chmod 4755 usr/bin/ping; head -c 3000000 /dev/zero > usr/lib/x/large; rm opt/a/c
    printf -- '-----BEGIN CERTIFICATE-----\\nMIIB\\n' > etc/site-ca.pem
    printf 'new <b>\\n' > etc/new.conf; printf x > etc/secret; chmod 600 etc/secret`;
  await publish(young, { script }, debs[1], ['quiet', 'panic=60']);
  symlinkSync(young, join(out, 'slave/latest'));
});

describe('ingot diff of two versions', () => {
  it('reports everything that was planted, with exit status 3', async () => {
    const { code, text } = await run(`slave/${old}`, 'slave/latest');
    expect(code).toBe(3);
    const lines = text.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
    for (const said of [
      `slave ${old} → slave ${young}`,
      'packages: 1 upgraded (1 → 1)',
      'tool  1-1  2-1  upgraded',
      'tool  1-1  2-1  high  CVE-2026-12345',
      'kernel argument  panic=60',
      'a.service  disabled  multi-user.target',
      'b.service  enabled  multi-user.target',
      '-two',
      '+deux',
      '+new <b>',
      'added: /etc/secret (not shown: not everybody may read it)',
      'added: /etc/site-ca.pem (not shown: certificates)',
      'changed: /etc/shadow (not shown: not everybody may read it)',
      'libx',
      '~ /usr/lib/x/large  content, 1.9 MiB → 2.9 MiB (+976.6 KiB)',
      '- /opt/a/c  2 B',
    ])
      expect(lines).toContain(said);
    expect(text).toMatch(/~ \/usr\/bin\/ping .*mode 0644 → 4755 SET-UID/);
    expect(text).not.toContain('CVE-2020-11111');
    expect(text).not.toContain('root::1');
  });

  it('prints everything as JSON', async () => {
    const { text } = await run(`slave/${old}`, `out/slave/${young}`, { format: 'json' });
    const found = JSON.parse(text) as ImageDiff;
    expect(found.packages).toEqual([
      { name: 'tool', architecture: 'all', kind: 'upgraded', before: '1-1', after: '2-1', source: 'tool' },
    ]);
    expect(found.security[0]?.cves).toEqual(['CVE-2026-12345']);
    expect(found.root?.paths.list.find(({ path }) => path === '/etc/tool.conf')).toMatchObject({
      kind: 'changed',
      owner: 'tool',
    });
    const { root } = found.root?.sizes ?? { root: { before: 0, after: 0 } };
    expect(root.after - root.before).toBe(
      found.root?.sizes.byOwner.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  });

  it('reports the same in the other direction, with a downgrade', async () => {
    const { code, text } = await run('slave/latest', `slave/${old}`);
    expect(code).toBe(3);
    expect(text).toContain('downgraded');
    expect(text).not.toContain('CVE');
  });

  it('of the same version exits with 0', async () => {
    expect(await run('slave/latest', `slave/${young}`)).toEqual({
      code: 0,
      text: `slave ${young}\n  the same\n`,
    });
  });

  it('reports where the pool has no changelog', async () => {
    const { text } = await run(`slave/${old}`, 'slave/latest', { pool: 'elsewhere' });
    expect(text).toContain('not known of tool 1-1 → 2-1: the pool has no tool 2-1');
  });

  it('does not trust a .deb whose bytes differ', async () => {
    const bad = join(folder, 'bad', debs[1].sha256.slice(0, 2));
    mkdirSync(bad, { recursive: true });
    writeFileSync(join(bad, `${debs[1].sha256}.deb`), 'x');
    const { text } = await run(`slave/${old}`, 'slave/latest', { pool: 'bad' });
    expect(text).toContain("the pool's file of tool 2-1 is damaged");
  });

  it('writes one HTML file, and release notes', async () => {
    const html = await run(`slave/${old}`, 'slave/latest', { format: 'html' });
    expect(html.code).toBe(3);
    expect(html.text).toContain('+new &lt;b>');
    const notes = await run(`slave/${old}`, 'slave/latest', { format: 'markdown' });
    expect(notes.text).toContain('| tool | 1-1 | 2-1 | high | CVE-2026-12345 |');
  });
});

describe('ingot diff of two locks', () => {
  const lock = ({ version, sha256 }: Deb): Lock => ({
    version: 1,
    date: '2026-11-27T00:00:00Z',
    question: {
      ...{ suite: 'bookworm', architecture: 'amd64', sources: [] },
      packages: { shared: ['tool'], master: [], slave: [] },
      debs: { master: [], slave: [] },
    },
    sources: [],
    packages: {
      shared: [
        {
          ...{ name: 'tool', version, architecture: 'all', size: 1, sha256, source: 'bookworm' },
          path: `pool/main/t/tool/tool_${version}_all.deb`,
        },
      ],
      master: [],
      slave: [],
    },
  });

  it('reports packages and their security fixes, and does not compare a lock with a version', async () => {
    writeFileSync(join(folder, 'old.lock.json'), lockText(lock(debs[0])));
    writeFileSync(join(folder, 'new.lock.json'), lockText(lock(debs[1])));
    const { code, text } = await run('old.lock.json', 'new.lock.json');
    expect(code).toBe(3);
    expect(text).toContain('CVE-2026-12345');
    expect((await run('old.lock.json', 'old.lock.json')).code).toBe(0);
    await expect(run('old.lock.json', 'slave/latest')).rejects.toThrow('is a lock');
  });
});

describe('an argument that is neither', () => {
  it('is wrong input, and the error lists the versions of the store', async () => {
    const error = await run('slave/none', 'slave/latest').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'no-image', exitCode: 2 });
    expect((error as { excerpt: string[] }).excerpt).toContain(`slave/${young}`);
    writeFileSync(join(folder, 'no-lock'), '{}');
    await expect(run('no-lock', 'slave/latest')).rejects.toMatchObject({ code: 'wrong-lock' });
  });

  it('is a version without its records', async () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    writeFileSync(join(bare, 'manifest.json'), '');
    await expect(run('bare', 'slave/latest')).rejects.toThrow('it has no root.squashfs');
  });
});
