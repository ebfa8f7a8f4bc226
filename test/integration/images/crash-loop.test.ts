import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../built-ingot.ts';
import { eventually } from '../stand-ins/eventually.ts';
import { OwnSystemd } from './on-systemd.ts';

const checks = join(project, 'images/common/rootfs/usr/lib/ingot/check');
const service = (command: string, ...more: readonly string[]): string =>
  ['StartLimitIntervalSec=0', '[Service]', `ExecStart=${command}`, 'Restart=always', ...more, ''].join('\n');

const crashing = {
  // Like an agent with a missing flag.
  'at once': service('/bin/false', 'RestartSec=300ms'),
  // Waits for its restart longer than any check runs, as with RestartSec=20 in the packages' own units.
  'and waits': service('/bin/false', 'RestartSec=1h'),
  // A single check may find it running.
  'after a while': service('/bin/sh -c "sleep 3; exit 1"', 'RestartSec=100ms'),
} as const;

let folder: string;
let systemd: OwnSystemd | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-crash-'));
});
afterEach(async () => {
  await systemd?.close();
  systemd = undefined;
  rmSync(folder, { recursive: true });
});

async function start(unit: string): Promise<OwnSystemd> {
  systemd = new OwnSystemd({ 'unit.service': unit });
  await systemd.started();
  return systemd;
}

/** The check "units are on" for an image that enables this one unit. */
function unitsActive(on: OwnSystemd, steady = '20') {
  const preset = join(folder, 'preset');
  writeFileSync(preset, 'enable unit.service\n');
  return on.run(join(checks, 'units-active'), [], { INGOT_PRESET: preset, INGOT_STEADY: steady });
}

describe('a service that crashes again and again', () => {
  it('is not failed for systemd, but "no unit has failed" does not pass', async () => {
    const on = await start(crashing['and waits']);
    await eventually('it waits for its restart', () => {
      const shown = on.run('systemctl', ['show', '--property=ActiveState,SubState', 'unit.service']).said;
      return shown === 'ActiveState=activating\nSubState=auto-restart' ? true : undefined;
    });
    expect(on.run('systemctl', ['is-system-running']).said).toBe('running');
    const { status, said } = on.run(join(checks, 'system-running'), []);
    expect(said).toContain('ended, and waits for a restart: unit.service');
    expect(status).toBe(1);
  });

  it.each(Object.entries(crashing))('%s, never passes "units are on" at any time', async (_, unit) => {
    const on = await start(unit);
    const seen: string[] = [];
    // For some seconds, in which even the slowest one crashes at least once.
    for (let look = 0; look < 6; look++) {
      const { status, said } = unitsActive(on);
      seen.push(`${status} ${said}`);
      await pause(300);
    }
    expect(seen.filter((one) => one.startsWith('0 '))).toEqual([]);
  });

  it('ends the check after its fifth restart, because the answer cannot change', async () => {
    const on = await start(crashing['at once']);
    const found = await eventually('the fifth restart', () => {
      const one = unitsActive(on);
      return one.status === 120 ? one : undefined;
    });
    expect(found.said).toMatch(/^unit\.service restarts again and again \(\d+ times since the boot\);$/m);
  });
});

describe('a service that was just started', () => {
  it('is not judged yet, and passes after it has run for a while', async () => {
    const on = await start(service('/bin/sleep infinity'));
    const early = unitsActive(on, '600');
    expect(early.said).toMatch(/^unit\.service was started \d+ s ago, too recently to judge;$/m);
    expect(early.status).toBe(1);
    await eventually('it has run for two seconds', () =>
      unitsActive(on, '2').status === 0 ? true : undefined,
    );
  });
});
