import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import type { Host } from '../host/host.ts';
import { IngotError } from '../host/ingot-error.ts';
import { memoryFile, rememberedResult, rememberResult } from './accelerator-memory.ts';

export type Accelerator = 'kvm' | 'tcg';

export interface AcceleratorChoice {
  readonly accelerator: Accelerator;
  /** One line for the user that explains the choice. */
  readonly reason: string;
}

const testMs = 8000;

/** Boots the kernel under KVM until it prints its first line. /dev/kvm can exist on a host where KVM boots nothing. */
async function kvmBoots(host: Host, kernel: string): Promise<boolean> {
  let printed = (): void => undefined;
  const firstLine = new Promise<true>((resolve) => {
    printed = () => {
      resolve(true);
    };
  });
  const guest = await host.start(
    'qemu-system-x86_64',
    [
      ...['-accel', 'kvm', '-cpu', 'host', '-m', '256', '-nodefaults', '-display', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-kernel', kernel, '-append', 'console=ttyS0 earlyprintk=serial panic=-1'],
    ],
    {
      onLine: (line) => {
        if (line.includes('Linux version')) printed();
      },
    },
  );
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, testMs, false);
  });
  try {
    return await Promise.race([firstLine, guest.ended.then(() => false), tooLate]);
  } finally {
    clearTimeout(timer);
    await guest.end({ signal: 'SIGKILL' });
  }
}

/**
 * Identifies what the KVM test depends on: this boot of this host, its kernel and processor, QEMU itself, and whether
 * this user may open the device.
 */
async function testKey(host: Host, kvmDevice: string): Promise<string> {
  const version = await host.run('qemu-system-x86_64', ['--version']);
  const boot = existsSync('/proc/sys/kernel/random/boot_id')
    ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    : '';
  const { mode, uid, gid } = statSync(kvmDevice);
  const rights = [mode, uid, gid, process.getuid?.(), ...(process.getgroups?.() ?? [])];
  return createHash('sha256')
    .update([arch(), release(), cpus()[0]?.model ?? '', version.stdout, boot, ...rights].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/**
 * The accelerator that the user chose; undefined if KVM has to be tested.
 * @param override the value of INGOT_ACCEL: kvm or tcg is used without a test; auto, "" or undefined asks for a test
 * @throws IngotError host-not-ready for any other value
 */
export function chosenAccelerator(override: string | undefined): Accelerator | undefined {
  if (override === 'kvm' || override === 'tcg') return override;
  if (override === undefined || override === '' || override === 'auto') return undefined;
  throw new IngotError({
    code: 'host-not-ready',
    message: `INGOT_ACCEL is "${override}"`,
    hint: 'set it to kvm, tcg or auto',
  });
}

/**
 * Tests whether KVM really boots a kernel on this host, and remembers the result until the host restarts.
 * @param kernel absolute path of a Linux kernel
 * @param rememberIn absolute folder, that of hostMemory
 * @param override the value of INGOT_ACCEL, as for chosenAccelerator
 */
export function detectAccelerator(
  host: Host,
  kernel: string,
  rememberIn: string,
  override: string | undefined,
): Promise<AcceleratorChoice> {
  return detectWithDevice(host, { kernel, rememberIn, override, kvmDevice: '/dev/kvm' });
}

interface DeviceTest {
  readonly kernel: string;
  readonly rememberIn: string;
  readonly override: string | undefined;
  /** The device that must exist before the test is tried. */
  readonly kvmDevice: string;
}

/** As detectAccelerator, with a device other than /dev/kvm. */
export async function detectWithDevice(
  host: Host,
  { kernel, rememberIn, override, kvmDevice }: DeviceTest,
): Promise<AcceleratorChoice> {
  const chosen = chosenAccelerator(override);
  if (chosen !== undefined)
    return { accelerator: chosen, reason: `accelerator ${chosen}, as set in INGOT_ACCEL` };
  if (!existsSync(kvmDevice)) {
    return {
      accelerator: 'tcg',
      reason: 'no /dev/kvm here: QEMU emulates the processor (tcg), which is many times slower',
    };
  }
  const memory = memoryFile(rememberIn, await testKey(host, kvmDevice));
  const remembered = await rememberedResult(memory);
  const accelerator = remembered ?? ((await kvmBoots(host, kernel)) ? 'kvm' : 'tcg');
  if (remembered === undefined) await rememberResult(memory, accelerator);
  return {
    accelerator,
    reason:
      accelerator === 'kvm'
        ? 'KVM boots a kernel here'
        : '/dev/kvm is there, but a kernel started with it does not reach its first line: QEMU emulates the processor (tcg), which is many times slower',
  };
}
