import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signingKey } from '../../../samples/signed-version.ts';
import { grubenv, next, running, UpdateNode } from './update-node.ts';

let node: UpdateNode;
beforeEach(() => {
  node = new UpdateNode(signingKey());
  node.tree.write('/run/ingot/esp/b/slot.cfg', `set ingot_version=${next}\n`);
});
afterEach(() => {
  node.tree.remove();
});

/** GRUB has started slot b for its trial. */
function onTrial(): void {
  node.boots(`ingot.slot=b ingot.trying=1 ingot.version=${next}`);
  node.environment({ ingot_slot: 'a', ingot_try: '', ingot_tried: 'b' });
}

/** GRUB has started slot a again, because the trial of b was not confirmed. */
function returned(): void {
  node.boots(`ingot.slot=a ingot.version=${running}`);
}

function check(name: string, script: string): void {
  const path = `/usr/lib/ingot/check/${name}`;
  node.tree.write(path, `#!/bin/sh\n${script}\n`);
  chmodSync(join(node.tree.folder, path), 0o755);
}

const remember = (what: string, why?: string): void => {
  node.tree.write(
    '/var/lib/ingot/state/update/last.json',
    JSON.stringify({ schema: 1, when: '2026-11-24T02:00:00Z', what, version: next, slot: 'b', why }),
  );
};

describe('a version on trial', () => {
  it('becomes the default after its checks have passed twice; a failure in between is allowed', async () => {
    onTrial();
    for (const name of ['system-running', 'root-verified']) check(name, 'exit 0');
    const seen = join(node.tree.folder, 'seen');
    check('units-active', `[ -e ${seen} ] || { touch ${seen}; echo docker.service is activating; exit 1; }`);
    const ran = await node.update('--confirm');
    expect(ran.exitCode, ran.stderr).toBe(0);
    expect(ran.stderr).toContain('not healthy yet: units-active: docker.service is activating');
    expect(node.chosen()).toEqual({ ingot_slot: 'b', ingot_try: '', ingot_tried: '' });
    expect(node.last()).toMatchObject({ what: 'confirmed', version: next });
    expect(node.tree.read('/dev/console')).toContain(`${next} is healthy and confirmed`);
    expect((await node.update('--status')).stdout).toContain(`slot b: ${next}, settled`);
    // At its deadline nothing happens.
    expect((await node.update('--deadline')).stderr).toBe('');
  });

  it('that is not healthy at its deadline is ended, with the reason on the console and in the record', async () => {
    onTrial();
    remember('trying', 'system-running: failed: docker.service');
    const ran = await node.update('--deadline');
    expect(ran.exitCode).toBe(0);
    for (const place of [ran.stderr, node.tree.read('/dev/console'), JSON.stringify(node.last())])
      expect(place).toContain('failed: docker.service');
    expect(node.chosen()).toMatchObject({ ingot_slot: 'a', ingot_try: '' });

    returned();
    await node.update('--notice');
    expect(node.tree.read('/run/ingot/update-notice')).toContain(
      `version ${next} in slot b failed: system-running: failed: docker.service. ${running} runs again`,
    );
    const status = await node.update('--status');
    expect(status.stdout).toContain(`${next}, failed its trial`);
  });
});

describe('a version on trial whose start hangs', () => {
  beforeEach(() => {
    onTrial();
    remember('written');
    check('units-active', 'exit 0');
    check('root-verified', 'exit 0');
  });

  it('reports at its deadline what it waits for', async () => {
    check(
      'system-running',
      'echo the system is starting; echo still in progress: docker.service start; exit 1',
    );
    const ran = await node.update('--deadline');
    expect(ran.stderr).toContain(
      `${next} did not become healthy in time: the boot did not reach its health checks; system-running: the system is starting, still in progress: docker.service start`,
    );
    expect(node.last()).toMatchObject({
      what: 'failed',
      why: expect.stringContaining('docker.service start') as string,
    });
  });

  it('has failed even if the checks never return', async () => {
    // Like the end by systemd at TimeoutStartSec, while the checks run.
    check('system-running', 'kill -9 $PPID');
    expect((await node.update('--deadline')).exitCode).not.toBe(0);
    expect(node.last()).toMatchObject({ what: 'failed', version: next });
  });

  it('stays if it is confirmed at the same moment', async () => {
    const chosen = grubenv({ ingot_slot: 'b', ingot_try: '', ingot_tried: '' });
    node.tree.write('/confirmed', chosen);
    const files = ['confirmed', 'run/ingot/esp/grub/grubenv'].map((name) => join(node.tree.folder, name));
    check('system-running', `cp ${files.join(' ')}`);
    const ran = await node.update('--deadline');
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('the old version after a fallback', () => {
  it.each([
    ['written', undefined, 'it stopped before its health was checked'],
    [
      'trying',
      'units-active: chrony.service is failed',
      'restarted before it was confirmed, when units-active',
    ],
  ])('reports why, if the last record is "%s"', async (what, why, says) => {
    onTrial();
    remember(what, why);
    returned();
    const ran = await node.update('--notice');
    expect(ran.stderr).toContain(says);
    expect(node.last()).toMatchObject({ what: 'failed', version: next });
  });

  it('does not use a later refusal as the reason', async () => {
    onTrial();
    remember('trying', 'docker.service is failed');
    returned();
    await node.update('--notice');
    remember('refused', 'it failed here before');
    expect((await node.update('--notice')).stderr).toContain('docker.service is failed');
  });

  it('reports that GRUB could not load the chosen slot', async () => {
    node.environment({ ingot_slot: 'b', ingot_try: '', ingot_tried: '' });
    expect((await node.update('--notice')).stderr).toContain('slot b is chosen but could not be loaded');
  });

  it('reports nothing if nothing failed', async () => {
    expect(await node.update('--notice')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(node.tree.paths()).not.toContain('/run/ingot/update-notice');
  });
});

it.each([
  ['boots from the network', 'boot=ingot ingot.fetch=http://10.0.0.1/slave', 'boots from the network'],
  ['boots from an ISO', 'boot=ingot ingot.medium=INGOT-20251122-5D', 'boots from an ISO'],
  ['has a disk without slots', 'boot=ingot ingot.esp=1A2B-3C4D', 'has no second slot'],
])('a node that %s shows what to do instead', async (_, commandLine, says) => {
  node.boots(commandLine);
  const ran = await node.update('--status');
  expect(ran.exitCode).toBe(2);
  expect(ran.stderr).toContain(says);
});

it('a damaged environment block of GRUB is reported, not overwritten', async () => {
  node.tree.write('/run/ingot/esp/grub/grubenv', 'ingot_slot=a\n');
  const ran = await node.update('--status');
  expect(ran.exitCode).toBe(1);
  expect(ran.stderr).toContain('grubenv is damaged');
  expect(node.tree.read('/run/ingot/esp/grub/grubenv')).toBe('ingot_slot=a\n');
});
