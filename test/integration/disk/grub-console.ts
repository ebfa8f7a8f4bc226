import { spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import type { Firmware } from './boot-grub.ts';

const colours = /\u001b\[[0-9;?=]*[A-Za-z]/g;
const qemu = 'qemu-system-x86_64';
const patience = 90_000;

/** A machine with a person at its serial console. */
export class GrubConsole {
  private seen = '';
  private read = 0;
  private ended = false;
  private changed = (): void => undefined;

  private readonly child: ReturnType<typeof spawn>;

  private constructor(child: ReturnType<typeof spawn>) {
    this.child = child;
    child.stdout?.on('data', (data: Buffer) => {
      this.seen += data.toString('latin1');
      this.changed();
    });
    child.on('close', () => {
      this.ended = true;
      this.changed();
    });
  }

  /** Starts a raw disk, which GRUB may write to. */
  static async start(firmware: Firmware, disk: string): Promise<GrubConsole> {
    const variables = `${disk}.vars`;
    if (firmware === 'UEFI') await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
    const uefi = [
      ...['-drive', 'if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
      ...['-drive', `if=pflash,unit=1,format=raw,file=${variables}`],
    ];
    const machine = ['-machine', 'q35', '-accel', 'tcg', '-cpu', 'qemu64', '-m', '256', '-nic', 'none'];
    const consoles = ['-no-reboot', '-display', 'none', '-monitor', 'none', '-serial', 'stdio'];
    return new GrubConsole(
      spawn(qemu, [
        ...[...machine, ...consoles, '-device', 'isa-debug-exit,iobase=0xf4'],
        ...(firmware === 'UEFI' ? uefi : []),
        ...['-drive', `if=virtio,format=raw,file=${disk}`],
      ]),
    );
  }

  /** The output since the last call, up to this text. Rejects if the machine ends without it, or shows nothing more. */
  async until(text: RegExp): Promise<string> {
    const deadline = Date.now() + patience;
    for (;;) {
      const fresh = this.seen.slice(this.read).replace(colours, '');
      const found = text.exec(fresh);
      if (found !== null) {
        this.read = this.seen.length;
        return fresh;
      }
      if (this.ended || Date.now() > deadline)
        throw new Error(`the console did not show ${text.source}:\n${fresh.slice(-2000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Presses keys, as at a serial terminal. */
  type(keys: string): void {
    this.child.stdin?.write(keys);
  }

  /** Switches the machine off. */
  async end(): Promise<void> {
    if (this.ended) return;
    const closed = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGKILL');
    await closed;
  }
}
