import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(
  new URL('../../../images/common/rootfs/usr/lib/ingot/check/units-active', import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), 'ingot-units-'));
const preset = join(folder, 'preset');
const uptime = Number(readFileSync('/proc/uptime', 'utf8').split('.')[0]);
writeFileSync(
  preset,
  'enable ssh.service\nenable docker.service\nenable fstrim.timer\nenable getty@.service\ndisable *\n',
);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Unit {
  readonly id: string;
  readonly active?: string;
  readonly sub?: string;
  readonly condition?: string;
  readonly restarts?: number;
  /** Seconds since its program was started. */
  readonly ran?: number;
}

/**
 * Formats units as `systemctl show` of Debian 12 does: a block of properties for each, with an empty line in between.
 */
const block = ({
  id,
  active = 'active',
  sub = 'running',
  condition = 'yes',
  restarts = 0,
  ran = 600,
}: Unit) =>
  [
    ...(id.endsWith('.service') ? [`NRestarts=${restarts}`] : []),
    ...(id.endsWith('.service')
      ? [`ExecMainStartTimestampMonotonic=${Math.max(0, uptime - ran) * 1e6}`]
      : []),
    ...[`Id=${id}`, `ActiveState=${active}`, `SubState=${sub}`, `ConditionResult=${condition}`],
  ].join('\n');

const healthy: readonly Unit[] = [
  { id: 'ssh.service' },
  { id: 'docker.service' },
  { id: 'fstrim.timer', sub: 'waiting' },
];

/**
 * Runs the check with a systemctl that shows these units, each enabled one twice, like `systemctl show UNIT
 * '*.service'`.
 */
function check(units: readonly Unit[], ...args: readonly string[]) {
  const shown = [...units, ...units.filter(({ id }) => id.endsWith('.service'))].map(block).join('\n\n');
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\ncat <<'END'\n${shown}\nEND\n`);
  writeFileSync(join(folder, 'journalctl'), '#!/bin/sh\necho "the journal of $*"\n');
  for (const name of ['systemctl', 'journalctl']) chmodSync(join(folder, name), 0o755);
  const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, INGOT_PRESET: preset };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  expect(stderr).toBe('');
  return { status, said: stdout.trim() };
}

const replaced = (unit: Unit): Unit[] => [...healthy.filter(({ id }) => id !== unit.id), unit];

describe('the units of a node', () => {
  it('are healthy if all enabled ones are active and no service restarts', () => {
    expect(check(healthy)).toEqual({
      status: 0,
      said: 'all 3 units are active, or have nothing to do; no service restarts again and again',
    });
  });

  it('are healthy if one had nothing to do here, and if a service that is not enabled does not run', () => {
    const nothing = { id: 'docker.service', active: 'inactive', sub: 'dead', condition: 'no' };
    expect(check(replaced(nothing)).status).toBe(0);
    expect(check([...healthy, { id: 'emergency.service', active: 'inactive', sub: 'dead' }]).status).toBe(0);
  });

  it('are not healthy if an enabled one is not active', () => {
    expect(check(replaced({ id: 'docker.service', active: 'failed', sub: 'failed' }))).toEqual({
      status: 1,
      said: 'docker.service is failed;',
    });
  });

  it.each([
    ['of the role', 'docker.service'],
    ['without a role', 'containerd.service'],
  ])('are not healthy if a service %s waits for its restart', (_, id) => {
    const { status, said } = check(replaced({ id, active: 'activating', sub: 'auto-restart', restarts: 2 }));
    expect(status).toBe(1);
    expect(said).toBe(`${id} restarts again and again (2 times since the boot);`);
  });

  it.each([
    ['that runs for a second each time', { restarts: 2, ran: 1 }, 1],
    ['that has run for half a minute after one restart', { restarts: 1, ran: 30 }, 1],
    ['that has run for two minutes after one restart', { restarts: 1, ran: 120 }, 0],
    ['that was restarted days ago', { restarts: 9, ran: 86_400 }, 0],
  ])('are judged by the running time of a service %s', (_, unit, status) => {
    // The time before is this host's uptime, which is long enough that none of these depends on it.
    expect(check(replaced({ id: 'docker.service', ...unit })).status).toBe(unit.ran > uptime ? 0 : status);
  });

  it('that restart five times or more give a final answer, with the reason from the journal', () => {
    const looping = { id: 'docker.service', active: 'activating', sub: 'auto-restart', restarts: 5 };
    const { status, said } = check(replaced(looping), '--journal');
    expect(status).toBe(120);
    expect(said.split('\n')).toEqual([
      'the last lines of docker.service:',
      '  the journal of --boot --quiet --no-pager --output=cat --lines=8 --unit=docker.service',
      'docker.service restarts again and again (5 times since the boot);',
    ]);
  });

  it('are shown to a person at login in one line', () => {
    const looping = { id: 'docker.service', active: 'activating', sub: 'auto-restart', restarts: 5 };
    expect(check(replaced(looping)).said).not.toContain('\n');
  });

  it('are checked by a program that any POSIX shell can run', () => {
    execFileSync('sh', ['-n', program]);
  });
});
