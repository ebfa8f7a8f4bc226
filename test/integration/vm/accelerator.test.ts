import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Host } from '../../../src/host/host.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import { chosenAccelerator, detectAccelerator, detectWithDevice } from '../../../src/vm/accelerator.ts';
import {
  hostMemory,
  memoryFile,
  rememberedResult,
  rememberResult,
} from '../../../src/vm/accelerator-memory.ts';
import { ingotErrorOf } from '../../samples/spec.ts';
import { rejection, temporaryFolder } from '../../samples/temporary.ts';

/** A host whose QEMU prints a line, if one is given, and then runs until it is ended. */
function hostWhoseGuestPrints(line: string | undefined) {
  const real = makeHost();
  const counted = { boots: 0 };
  const guest = line === undefined ? 'exit 1' : `echo '${line}'; exec sleep 60`;
  const host: Host = {
    ...real,
    start: (_program, _args, options) => {
      counted.boots += 1;
      return real.start('sh', ['-c', guest], options);
    },
  };
  return { host, counted };
}

const firstLine = '[    0.000000] Linux version 6.1.0-41-amd64 (debian-kernel@lists.debian.org)';
const device = '/dev/null'; // an existing file

describe('the accelerator', () => {
  test.each(['kvm', 'tcg'] as const)('is %s when INGOT_ACCEL names it, without a test boot', async (name) => {
    const { host, counted } = hostWhoseGuestPrints(undefined);
    const proof = await detectAccelerator(host, '/no/kernel', '/no/folder', name);
    expect(proof).toEqual({ accelerator: name, reason: `accelerator ${name}, as set in INGOT_ACCEL` });
    expect(counted.boots).toBe(0);
  });

  test('with any other name is wrong input', async () => {
    const error = ingotErrorOf(() => chosenAccelerator('KVM'));
    expect(error).toMatchObject({ exitCode: 2, message: 'INGOT_ACCEL is "KVM"' });
    expect(error.hint).toBe('set it to kvm, tcg or auto');
    expect(chosenAccelerator('auto')).toBe(undefined);
    const { host } = hostWhoseGuestPrints(firstLine);
    expect((await rejection(detectAccelerator(host, '', '/no/folder', 'hvf'))).code).toBe('host-not-ready');
  });

  test('is tcg if there is no KVM', async () => {
    const { host } = hostWhoseGuestPrints(firstLine);
    const proof = await detectWithDevice(host, {
      ...{ kernel: '', rememberIn: '/no/folder', override: undefined },
      kvmDevice: '/dev/no-such-device',
    });
    expect(proof.accelerator).toBe('tcg');
    expect(proof.reason).toContain('no /dev/kvm here');
  });

  test.each([
    ['kvm', 'a kernel reaches its first line', firstLine],
    ['tcg', 'QEMU gives up', undefined],
  ] as const)('is %s when %s, and the test boot is done once for this host', async (name, _, line) => {
    const folder = join(await temporaryFolder(), 'runs');
    const { host, counted } = hostWhoseGuestPrints(line);
    const prove = () =>
      detectWithDevice(host, {
        kernel: '/boot/vmlinuz',
        rememberIn: folder,
        override: 'auto',
        kvmDevice: device,
      });
    expect((await prove()).accelerator).toBe(name);
    expect((await prove()).accelerator).toBe(name);
    expect(counted.boots).toBe(1);

    // Another user, or other rights on the device, are tested again.
    const other = join(folder, '..', 'kvm');
    await writeFile(other, '');
    const proveOther = () =>
      detectWithDevice(host, {
        kernel: '/boot/vmlinuz',
        rememberIn: folder,
        override: 'auto',
        kvmDevice: other,
      });
    await proveOther();
    await chmod(other, 0o666);
    await proveOther();
    await proveOther();
    expect(counted.boots).toBe(3);
    for (const name of await readdir(folder)) await writeFile(join(folder, name), '');
    await prove();
    counted.boots = 1;

    const [memory] = (await readdir(folder)).filter(
      (name) => readFileSync(join(folder, name), 'utf8') !== '',
    );
    await writeFile(join(folder, memory ?? ''), 'nonsense'); // as after a crash
    expect((await prove()).accelerator).toBe(name);
    expect(counted.boots).toBe(2);
  });

  test('is remembered in the cache of the user, next to no store; results of boots long ago are removed', async () => {
    const folder = await temporaryFolder();
    expect(hostMemory({ XDG_CACHE_HOME: folder }, '/store/runs')).toBe(join(folder, 'ingot/host'));
    expect(hostMemory({ HOME: '' }, '/store/runs')).toBe('/store/runs');
    expect(hostMemory({ HOME: join(folder, 'missing') }, '/store/runs')).toBe('/store/runs');
    const memory = hostMemory({ XDG_CACHE_HOME: folder }, '');
    await rememberResult(memoryFile(memory, 'old'), 'tcg');
    await utimes(memoryFile(memory, 'old'), 0, 0);
    await rememberResult(memoryFile(memory, 'new'), 'kvm');
    expect(await readdir(memory)).toEqual(['accelerator-new']);
    expect(await rememberedResult(memoryFile(memory, 'old'))).toBeUndefined();
    expect(await rememberedResult(memoryFile(memory, 'new'))).toBe('kvm');
  });

  test('that cannot be remembered is used all the same', async () => {
    const { host } = hostWhoseGuestPrints(firstLine);
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const request = { kernel: '/boot/vmlinuz', rememberIn: join(file, 'host'), override: 'auto' };
    expect((await detectWithDevice(host, { ...request, kvmDevice: device })).accelerator).toBe('kvm');
  });

  const kernel = readdirSync('/boot').find((name) => name.startsWith('vmlinuz-'));
  test.skipIf(kernel === undefined || !existsSync('/dev/kvm'))(
    'is determined by booting the kernel of this machine with the real QEMU',
    async () => {
      const proof = await detectAccelerator(
        makeHost(),
        join('/boot', kernel ?? ''),
        await temporaryFolder(),
        'auto',
      );
      expect(['kvm', 'tcg']).toContain(proof.accelerator);
    },
  );

  test('is tcg when the real QEMU cannot boot its kernel', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'vmlinuz'), 'no kernel');
    const proof = await detectWithDevice(makeHost(), {
      ...{ kernel: join(folder, 'vmlinuz'), rememberIn: folder },
      ...{ override: 'auto', kvmDevice: device },
    });
    expect(proof.accelerator).toBe('tcg');
  });
});
