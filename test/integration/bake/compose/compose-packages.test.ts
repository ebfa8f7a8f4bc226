import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { composePackages } from '../../../../src/bake/compose/compose-packages.ts';
import { writePlainDeb } from '../../../../src/bake/compose/plain-debs.ts';
import { makeHost } from '../../../../src/host/make-host.ts';
import type { LockedPackage } from '../../../../src/inputs/lock/lock.ts';
import type { DebconfAnswer } from '../../../../src/inputs/plan/debconf-answers.ts';
import { pooledPath } from '../../../../src/inputs/pool/pool.ts';
import { debianTree } from '../../../samples/debian-tree.ts';
import { sampleLock } from '../../../samples/lock.ts';
import { pooledDeb, type SmallDeb, wantsAnswer } from '../../../samples/small-deb.ts';
import { sampleMaterial } from '../../../samples/stages.ts';
import { rejection, sharedFolder, temporaryFolder } from '../../../samples/temporary.ts';

// The parts that both roles share are the same for every test: dpkg, debconf and a shell, as on the build host.
const base = sharedFolder();
let shared: LockedPackage[];
beforeAll(async () => {
  shared = await debianTree(join(base(), 'tree'));
});

/** Composes a master of the base and these packages, with the real mmdebstrap, apt and dpkg. */
async function master(
  debs: readonly SmallDeb[],
  debconf: readonly DebconfAnswer[] = [],
  layers: readonly string[] = [],
) {
  const folder = await temporaryFolder();
  const pool = join(folder, 'pool');
  const packages: LockedPackage[] = [];
  for (const deb of debs) packages.push(await pooledDeb(folder, pool, deb));
  const { plan } = sampleMaterial;
  const lock = sampleLock({ shared, master: packages });
  const roles = plan.roles.map((role) => (role.role === 'master' ? { ...role, debconf, layers } : role));
  const said: string[] = [];
  const options = {
    onLine: (line: string) => said.push(line),
    workFolder: join(folder, 'work'),
    logFolder: folder,
  };
  await mkdir(options.workFolder);
  const compose = () =>
    composePackages(
      makeHost(),
      {
        plan: { ...plan, roles },
        role: 'master',
        locked: { lock, pool },
        shared: join(base(), 'tree'),
        plain: join(folder, 'plain'),
      },
      options,
    );
  return { folder, said, packages, compose };
}
const postinst = (...lines: string[]): Record<string, string> => ({
  postinst: `#!/bin/sh\nset -eu\n${lines.join('\n')}\n`,
});
const accepted: DebconfAnswer = {
  ...{ package: 'vendor-debconf', question: 'vendor-debconf/licence', type: 'boolean', value: 'true' },
};

test('a package with debconf questions is installed with the answers of the spec', async () => {
  const { said, compose } = await master(
    [wantsAnswer],
    [accepted, { ...accepted, question: 'vendor-debconf/license' }],
  );
  const tree = await compose();
  expect(said.filter((line) => line.startsWith('ingot: '))).toEqual([
    'ingot: vendor-debconf has no question vendor-debconf/license in its templates: check its name if the answer has no effect',
  ]);
  expect(await readFile(join(tree, 'var/lib/dpkg/status'), 'utf8')).toContain('Package: vendor-debconf');
  expect(await readdir(join(tree, 'etc/apt/apt.conf.d'))).not.toContain('99mmdebstrap');
});

test('without the answer, the first line names the package, the script that failed and its error, and the hint shows how to give the answer', async () => {
  const { folder, compose } = await master([wantsAnswer]);
  const error = await rejection(compose());
  expect(error.message).toBe(
    'composing master: the package vendor-debconf 1.0 could not be installed: its post-installation script (postinst) ended with exit status 1: licence not accepted',
  );
  const log = join(folder, 'compose-master.log');
  expect(error.hint).toBe(
    [
      'vendor-debconf has debconf questions, which a bake cannot ask. If an answer is missing, give it in the spec:',
      '  master:',
      '    debconf:',
      '      - { package: vendor-debconf, question: vendor-debconf/licence, type: boolean, value: true }',
      `its whole output: ${log}`,
    ].join('\n'),
  );
  expect(existsSync(log)).toBe(true);
});

test('a script of a package, which runs as root, cannot write to /proc, to /sys or to any file of the build host', async () => {
  const before = readFileSync('/proc/sys/kernel/domainname', 'utf8');
  const { folder, compose } = await master([
    {
      name: 'vendor-hostile',
      control: postinst(
        'tries() { if ("$@") 2>/dev/null; then echo "$*" >>/tries; fi; }',
        'proc() { echo changed >/proc/sys/kernel/domainname; }',
        'tries proc',
        'tries mount -o remount,rw /proc',
        'tries mount -t proc proc /tmp',
        'tries mknod /tmp/disk b 254 0',
        'tries chroot /tmp /bin/true',
        'tries nsenter --mount --target 1 true',
        'tries ls /proc/1/root/work',
        'echo "end of the tries" >>/tries',
      ),
    },
  ]);
  const tree = await compose();
  expect(await readFile(join(tree, 'tries'), 'utf8')).toBe('end of the tries\n');
  expect(readFileSync('/proc/sys/kernel/domainname', 'utf8')).toBe(before);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
});

test('a package that links folders of apt to those of the build host causes no change there', async () => {
  const victim = await temporaryFolder();
  await makeHost().run('sh', ['-euc', 'touch "$0/kept.list" "$0/99mmdebstrap"', victim]);
  const { compose } = await master([
    {
      name: 'vendor-links',
      control: postinst(
        'rm -rf /etc/apt/sources.list.d /etc/apt/apt.conf.d /usr/share/man',
        `for name in /etc/apt/sources.list.d /etc/apt/apt.conf.d /usr/share/man; do ln -s '${victim}' "$name"; done`,
      ),
    },
  ]);
  await compose().catch(() => undefined);
  expect((await readdir(victim)).sort()).toEqual(['99mmdebstrap', 'kept.list']);
});

/** A layer of images/ with a user that has a fixed number. */
async function fixedOps(): Promise<string> {
  const layer = await temporaryFolder();
  await mkdir(join(layer, 'usr/lib/sysusers.d'), { recursive: true });
  await writeFile(join(layer, 'usr/lib/sysusers.d/ingot.conf'), 'u ops 990 "Operator" /home/ops /bin/bash\n');
  return layer;
}

test('a number that ingot needs is reserved: a package that takes it fails at once, and the error says what it is reserved for', async () => {
  const vendor = { name: 'vendor-user', control: postinst('useradd --system --uid 990 vendor') };
  const { compose } = await master([vendor], [], [await fixedOps()]);
  const error = await rejection(compose());
  expect(error.message).toContain('the package vendor-user 1.0 could not be installed');
  expect(error.message).toContain('UID 990 is not unique');
  expect(error.hint).toContain('the number 990 and the name ops are reserved in every image, for: Operator');
});

test('a package that takes the number without useradd is named right after the packages are unpacked', async () => {
  const vendor = {
    name: 'vendor-user',
    control: postinst("sed -i '/^ops:/d' /etc/passwd", 'echo "vendor:x:990:990::/:/bin/sh" >>/etc/passwd'),
  };
  const { compose } = await master([vendor], [], [await fixedOps()]);
  expect((await rejection(compose())).message).toBe(
    'after the packages of the master were unpacked: the user vendor has the number 990, which ingot needs for ops (Operator); the scripts of vendor-user name it',
  );
});

test('what a package pre-depends on is configured before the package is unpacked', async () => {
  const { compose } = await master([
    {
      ...{ name: 'a-needs', preDepends: 'z-given' },
      control: { preinst: '#!/bin/sh\nset -e\ncat /given\n' },
    },
    { name: 'z-given', control: postinst('echo "from the postinst" >/given') },
  ]);
  const tree = await compose();
  expect(await readFile(join(tree, 'given'), 'utf8')).toBe('from the postinst\n');
});

test('a dependency that neither the lock nor the shared tree has is refused before anything is unpacked', async () => {
  const { folder, compose } = await master([{ name: 'vendor-lonely', depends: 'nowhere' }]);
  const error = await rejection(compose());
  expect(error.message).toContain('composing master: ');
  expect(await readFile(join(folder, 'compose-master.log'), 'utf8')).toContain(
    'vendor-lonely : Depends: nowhere but it is not installable',
  );
  expect(existsSync(join(folder, 'work/master/tree'))).toBe(false);
});

test('two packages with one file are refused, with both names', async () => {
  const fill = 'mkdir -p usr/lib && echo "$0" >usr/lib/both';
  const { compose } = await master([
    { name: 'vendor-one', fill },
    { name: 'vendor-two', fill },
  ]);
  expect((await rejection(compose())).message).toBe(
    "composing master: the package vendor-two 1.0 could not be installed: dpkg refused it: trying to overwrite '/usr/lib/both', which is also in package vendor-one 1.0",
  );
});

test('a script that fails while its package is unpacked is named like one that fails later', async () => {
  const { compose } = await master([
    {
      name: 'vendor-early',
      control: { preinst: '#!/bin/sh\necho "no licence" >&2\nexit 7\n' },
    },
  ]);
  expect((await rejection(compose())).message).toBe(
    'composing master: the package vendor-early could not be installed: its pre-installation script (preinst) ended with exit status 7: no licence',
  );
});

test('a .deb whose bytes are not those of the lock is refused', async () => {
  const { folder, compose } = await master([{ name: 'vendor-file' }]);
  const pool = join(folder, 'pool');
  const [place = ''] = (await readdir(pool, { recursive: true })).filter((name) => name.endsWith('.deb'));
  const bytes = await readFile(join(pool, place));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(join(pool, place), bytes);
  const error = await rejection(compose());
  expect(error.code).toBe('wrong-pool');
  expect(error.excerpt.join()).toContain('vendor-file 1.0');
});

test('documentation is not unpacked, licences are, and the synchronisation of files is not waited for', async () => {
  const { compose } = await master([
    {
      name: 'vendor-docs',
      fill: 'mkdir -p usr/share/doc/vendor-docs && touch usr/share/doc/vendor-docs/copyright usr/share/doc/vendor-docs/README',
      // A file descriptor that cannot be synchronised is an error without the filter.
      control: postinst('sync /dev/null && touch /no-sync || :'),
    },
  ]);
  const tree = await compose();
  expect(await readdir(join(tree, 'usr/share/doc/vendor-docs'))).toEqual(['copyright']);
  expect(existsSync(join(tree, 'no-sync'))).toBe(true);
  expect(existsSync(join(tree, 'dev/ingot-pool'))).toBe(false);
});

test('a decompressed .deb gives the same tree as that of the pool, and dpkg reads it in its place', async () => {
  const debs = [
    { name: 'first', fill: 'mkdir -p usr/bin; echo a >usr/bin/first; chmod 2755 usr/bin/first' },
    { name: 'second', preDepends: 'first', control: postinst('cp /usr/bin/first /second') },
  ];
  const listing = async (tree: string) => {
    const script = `cd "$0"; find . -printf '%p %y %m %U:%G %l\n' | sort; find . -type f -exec sha256sum {} + | sort`;
    return (await makeHost().run('sh', ['-euc', script, tree])).stdout;
  };
  const pooled = await master(debs);
  const plain = await master(debs);
  for (const { sha256 } of plain.packages) {
    const [from, to] = ['pool', 'plain'].map((name) => pooledPath(join(plain.folder, name), sha256));
    await mkdir(dirname(to ?? ''), { recursive: true });
    await writePlainDeb(makeHost(), { from: from ?? '', to: to ?? '' }, new AbortController().signal);
  }
  const tree = await plain.compose();
  expect(await listing(tree)).toBe(await listing(await pooled.compose()));
  expect(await readFile(join(tree, 'second'), 'utf8')).toBe('a\n');

  const other = await master(debs);
  const [first] = other.packages;
  const target = pooledPath(join(other.folder, 'plain'), first?.sha256 ?? '');
  await mkdir(dirname(target), { recursive: true });
  const apart = await temporaryFolder();
  const changed = await pooledDeb(apart, join(apart, 'pool'), {
    ...{ name: 'first', fill: 'mkdir -p usr/bin; echo b >usr/bin/first' },
  });
  await copyFile(pooledPath(join(apart, 'pool'), changed.sha256), target);
  expect(await readFile(join(await other.compose(), 'second'), 'utf8')).toBe('b\n');
});
