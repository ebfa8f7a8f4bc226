import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { allSchedulers } from '../../../src/inputs/cluster-spec/schedulers.ts';
import { allRoles } from '../../../src/inputs/plan/plan.ts';
import { composedTree, definitionsOf, stubProgram, verifyUnits } from './composed-tree.ts';

const layouts = ['mesosphere', 'clusterd'] as const;
// The units are verified by the systemd of the build host, which is that of Debian 12.
const base = { suite: 'bookworm' };
const choices = layouts.flatMap((layout) => allSchedulers.map((scheduler) => ({ base, layout, scheduler })));
const variants = allRoles.flatMap((role) => choices.map((chosen) => ({ role, ...chosen })));
const units = 'usr/lib/systemd/system';
// Programs of Debian's packages that our units and systemd's run.
const programs = [
  'usr/bin/java',
  'usr/bin/cp',
  'usr/bin/true',
  'usr/lib/systemd/systemd-journal-upload',
  'usr/bin/mkdir',
  'usr/bin/chown',
];
const agentOf = { mesosphere: 'mesos-slave.service', clusterd: 'mesos-agent.service' } as const;

let root = '';
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function treeOf({ role, ...chosen }: (typeof variants)[number]): string {
  root = composedTree(role, chosen);
  for (const program of [...programs, 'usr/bin/chmod']) stubProgram(root, program);
  return root;
}

describe.each(variants)('units of a $role of layout $layout, scheduler $scheduler', (variant) => {
  const { role, layout, scheduler } = variant;
  it('pass systemd-analyze verify', () => {
    treeOf(variant);
    const on = definitionsOf(role, variant).flatMap(({ unitsOn }) => unitsOn);
    // systemd's own units need programs that this tree does not have; ours, and those with our drop-ins, are checked.
    const ours = on.filter(
      (unit) => !unit.startsWith('systemd-') && !unit.includes('@') && unit !== 'fstrim.timer',
    );
    expect(ours).toEqual(
      expect.arrayContaining(['ingot-identity.service', 'ingot-state.service', 'ssh.service']),
    );
    expect(verifyUnits(root, ours)).toBe('');
  });

  it('have no ordering cycle when all of them start', () => {
    treeOf(variant);
    const on = definitionsOf(role, variant).flatMap(({ unitsOn }) => unitsOn);
    const wants = join(root, 'etc/systemd/system/multi-user.target.wants');
    mkdirSync(wants, { recursive: true });
    // cloud-init's generator adds its target if it finds a seed.
    for (const unit of [...on, 'cloud-init.target']) {
      if (!unit.includes('@')) symlinkSync(`/${units}/${unit}`, join(wants, unit));
    }
    expect(verifyUnits(root, ['multi-user.target'])).not.toMatch(/cycle|not found|Unknown|Failed/i);
  });

  it('exist if they are enabled, and none is both enabled and masked', () => {
    treeOf(variant);
    const definitions = definitionsOf(role, variant);
    const on = definitions.flatMap(({ unitsOn }) => unitsOn);
    const masked = definitions.flatMap(({ unitsMasked }) => unitsMasked);
    expect(on.filter((unit) => !existsSync(join(root, units, unit)))).toEqual([]);
    expect(on.filter((unit) => masked.includes(unit))).toEqual([]);
    expect(on).toContain(role === 'master' ? 'mesos-master.service' : agentOf[layout]);
    expect(masked).toContain(role === 'master' ? agentOf[layout] : 'mesos-master.service');
  });

  it('of the cluster do not start if the identity was refused or the clock is not synchronised', () => {
    treeOf(variant);
    const cluster =
      role === 'master'
        ? [
            'zookeeper.service',
            'mesos-master.service',
            ...(scheduler === 'none' ? [] : [`${scheduler}.service`]),
          ]
        : ['docker.service', agentOf[layout]];
    for (const unit of cluster) {
      const dropIn = join(root, units, `${unit}.d/10-ingot.conf`);
      const text = readFileSync(existsSync(dropIn) ? dropIn : join(root, units, unit), 'utf8');
      // Only Docker does not need the common time.
      const required = ['ingot-identity', ...(unit === 'docker.service' ? [] : ['ingot-time'])];
      for (const name of required) {
        expect(text).toMatch(new RegExp(`^Requires=.*${name}\\.service`, 'm'));
        expect(text).toMatch(new RegExp(`^After=.*${name}\\.service`, 'm'));
      }
    }
  });

  it('and checks call only our programs that are in the image', () => {
    treeOf(variant);
    const texts = definitionsOf(role, variant).flatMap(({ checks }) => checks.map(({ run }) => run));
    for (const name of readdirSync(join(root, units))) {
      if (/^ingot-.*\.service$/.test(name)) texts.push(readFileSync(join(root, units, name), 'utf8'));
    }
    const called = texts.flatMap((text) => text.match(/\/usr\/lib\/ingot\/[\w./-]+/g) ?? []);
    expect(called.length).toBeGreaterThan(5);
    expect(called.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('systemd-analyze verify, as these tests run it,', () => {
  it('detects an unknown setting, a missing program and a cycle', () => {
    treeOf({ role: 'master', base, layout: 'mesosphere', scheduler: 'marathon' });
    const unit = (text: string): void => {
      writeFileSync(join(root, units, 'probe.service'), text);
    };
    unit('[Unit]\nRequirez=a.service\n[Service]\nExecStart=/bin/true\n');
    expect(verifyUnits(root, ['probe.service'])).toContain("Unknown key 'Requirez'");
    unit('[Service]\nExecStart=/usr/lib/ingot/nothing\n');
    expect(verifyUnits(root, ['probe.service'])).toContain('not executable');
    unit('[Unit]\nBefore=sysinit.target\nWants=basic.target\n[Service]\nExecStart=/bin/true\n');
    expect(verifyUnits(root, ['probe.service'])).toContain('ordering cycle');
  });
});
