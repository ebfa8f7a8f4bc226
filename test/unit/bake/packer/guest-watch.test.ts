import { describe, expect, test } from 'vitest';
import type { BakeHappening } from '../../../../src/bake/packer/events.ts';
import { GuestWatch } from '../../../../src/bake/packer/guest-watch.ts';

const build = 'qemu.slave';
const line = (text: string, kind: 'say' | 'message' = 'say'): BakeHappening => ({
  type: 'line',
  build,
  kind,
  text,
});
const failed: BakeHappening = {
  ...{ type: 'step-failed', build, step: '30-units', seconds: 1, exitCode: 1, script: 'do.sh' },
};
const see = (watch: GuestWatch, happening: BakeHappening): void => {
  watch.see({ ...happening, at: 0 });
};

describe('the guests of a Packer run', () => {
  test('are found by the port that Packer prints, and by nothing that a guest prints', () => {
    const found: unknown[] = [];
    const watch = new GuestWatch({ onPort: (...of) => found.push(of) });
    watch.networkOf(4711);
    see(watch, line('Found port for communicator (SSH, WinRM, etc): 2565.'));
    see(watch, line('Found port for communicator (SSH, WinRM, etc): 1.', 'message'));
    see(watch, line('Looking for available port between 5900 and 6000 on 127.0.0.1'));
    expect(found).toEqual([['slave', 2565, 4711]]);
  });

  test('stay after a failed step until nobody needs them', async () => {
    let release = (): void => undefined;
    const waits = new Promise<void>((resolve) => (release = resolve));
    const held: string[] = [];
    const watch = new GuestWatch({
      hold: (role, step) => {
        held.push(`${role} ${step}`);
        return waits;
      },
    });
    const end = watch.endSignal(undefined);
    expect(watch.held).toBe(false);
    see(watch, failed);
    expect({ held, is: watch.held, aborted: end.aborted }).toEqual({
      held: ['slave 30-units'],
      is: true,
      aborted: false,
    });
    const aborted = new Promise((resolve) => {
      end.addEventListener('abort', resolve);
    });
    release();
    await aborted;
    expect(end.aborted).toBe(true);
  });

  test('end with a failed step when nobody asked to keep them, and always with the signal', () => {
    const watch = new GuestWatch({});
    const abort = new AbortController();
    const end = watch.endSignal(abort.signal);
    see(watch, failed);
    expect({ held: watch.held, aborted: end.aborted }).toEqual({ held: false, aborted: false });
    abort.abort();
    expect(end.aborted).toBe(true);
  });
});
