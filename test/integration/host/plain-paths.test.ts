import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { isPlainPath, plainPaths } from '../../../src/host/plain-paths.ts';
import { makeTemporaryFolder } from '../../../src/host/temporary-folder.ts';
import { makeOverlay } from '../../../src/vm/node.ts';
import { optionValue } from '../../../src/vm/qemu-machine.ts';
import { sshValue } from '../../../src/vm/quote-ssh.ts';
import { seedDisk } from '../../../src/vm/seed-disk.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const host = makeHost();

/** A folder name as people may choose it, with characters that are special to programs. */
const anyName = fc
  .string({
    unit: fc.constantFrom(...` %,:;=[]{}()$\\"'*?#&|<>~!@+é日\u0301aZ0-_.`.split(/(?:)/u)),
    minLength: 1,
    maxLength: 24,
  })
  .map((text) => `x${text}`);
const some = { numRuns: 30, seed: 5 };

test('a run folder of any name is reached through a path that every program accepts', async () => {
  const top = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(anyName, async (name) => {
      const run = join(top, name);
      await mkdir(run, { recursive: true });
      const temporary = await makeTemporaryFolder(run);
      expect(isPlainPath(temporary.path)).toBe(true);
      await writeFile(join(temporary.path, 'file'), name);
      expect(await readFile(join(run, 'tmp', 'file'), 'utf8')).toBe(name);
      await temporary.remove();
      await rm(run, { recursive: true });
    }),
    some,
  );
});

test('files in folders of any name have other, plain names for as long as they are needed', async () => {
  const top = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(anyName, async (name) => {
      const folder = join(top, name);
      await mkdir(folder, { recursive: true });
      const paths = plainPaths();
      const plain = paths.of(join(folder, 'file'));
      expect(isPlainPath(plain)).toBe(true);
      await writeFile(plain, name);
      expect(await readFile(join(folder, 'file'), 'utf8')).toBe(name);
      paths.close();
      if (plain !== join(folder, 'file')) await expect(readFile(plain)).rejects.toThrow();
    }),
    some,
  );
});

test('the seed and the overlay of a node can be created in a folder of any name, over an image in such a folder', async () => {
  const top = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(anyName, async (name) => {
      const folder = join(top, name);
      await mkdir(folder, { recursive: true });
      const image = join(folder, 'image.raw');
      await writeFile(image, 'x'.repeat(512));
      const overlay = await makeOverlay(host, image, folder);
      expect((await host.run('qemu-img', ['info', overlay])).stdout).toContain('file format: qcow2');
      const seed = await seedDisk(host, [{ path: 'user-data', content: name }], folder);
      const options = [
        '-osirrox',
        'on',
        '-indev',
        `stdio:${seed}`,
        '-extract',
        '/user-data',
        join(folder, 'out'),
      ];
      execFileSync('xorriso', options, { stdio: 'ignore' });
      expect(await readFile(join(folder, 'out'), 'utf8')).toBe(name);
      await rm(folder, { recursive: true, force: true });
    }),
    { ...some, numRuns: 12 },
  );
});

test('ssh reads paths in its options unchanged', () => {
  fc.assert(
    fc.property(
      anyName.filter((name) => !name.includes('${')),
      (name) => {
        const path = `/k/${name}`;
        const options = ['-G', '-F', 'none', '-o', `IdentityFile=${sshValue(path)}`, 'host'];
        const said = execFileSync('ssh', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
        // ssh shows the value before it expands tokens; the only token here is the doubled percent sign.
        expect(said.split('\n').find((line) => line.startsWith('identityfile '))).toBe(
          `identityfile ${path.replaceAll('%', '%%')}`,
        );
      },
    ),
    { ...some, numRuns: 60 },
  );
  expect(() => sshValue('/a/${HOME}')).toThrow('ssh cannot be given this path');
});

test('QEMU opens a disk of any name', async () => {
  const top = await temporaryFolder();
  const names = fc.sample(anyName, { numRuns: 8, seed: 9 });
  const drives: string[] = [];
  for (const name of names) {
    const file = join(top, name);
    await writeFile(file, 'x'.repeat(512));
    drives.push('-drive', `if=none,format=raw,file=${optionValue(file)}`);
  }
  const monitor = ['-machine', 'none', '-nodefaults', '-display', 'none', '-monitor', 'stdio', ...drives];
  const { stdout } = await host.run('qemu-system-x86_64', monitor, { input: 'info block\nquit\n' });
  for (const name of names) expect(stdout).toContain(join(top, name));
});
