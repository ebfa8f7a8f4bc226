import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const script = fileURLToPath(
  new URL('../../../node-tools/programs/common/usr/lib/ingot/compose.d/70-units-declared', import.meta.url),
);
const system = 'usr/lib/systemd/system';

/** A root that starts only declared units: ssh.service, and those in units.d. */
async function quietRoot() {
  const root = await temporaryFolder();
  const put = async (path: string, text = '') => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const link = async (path: string, to: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await symlink(to, join(root, path));
  };
  await put(
    'usr/lib/systemd/system-preset/00-ingot.preset',
    '# what starts\nenable ssh.service\ndisable *\n',
  );
  await put(
    'usr/lib/ingot/units.d/10-system.conf',
    '# why\njournald.service # logs\nserial@.service # a console\n',
  );
  await put(`${system}/multi-user.target`, '[Unit]\nRequires=basic.target\n');
  await put(`${system}/basic.target`, '[Unit]\nWants=journald.service\n');
  for (const name of ['journald', 'ssh', 'serial@']) await put(`${system}/${name}.service`, '[Service]\n');
  await link(`${system}/default.target`, 'multi-user.target');
  await link('etc/systemd/system/multi-user.target.wants/ssh.service', `/${system}/ssh.service`);
  await link('etc/systemd/system/multi-user.target.wants/serial@ttyS0.service', `/${system}/serial@.service`);
  const undeclared = async (): Promise<string[]> => {
    const { exitCode, stderr } = await makeHost().run(script, [root], { accept: [0, 1] });
    const said = stderr.match(/(?<=is not declared: ).*(?=, by )/g) ?? [];
    expect(exitCode).toBe(said.length === 0 ? 0 : 1);
    return [...said];
  };
  return { put, link, undeclared };
}

test('a root that starts only declared units is accepted, also with aliases, instances and masks', async () => {
  const { put, link, undeclared } = await quietRoot();
  await put(`${system}/rogue.service`, '[Service]\n');
  await link(`${system}/basic.target.wants/rogue.service`, '../rogue.service');
  await link('etc/systemd/system/rogue.service', '/dev/null');
  await link('etc/systemd/system/sshd.service', `/${system}/ssh.service`);
  await link(`${system}/basic.target.wants/sshd.service`, '../sshd.service');
  expect(await undeclared()).toEqual([]);
});

type Root = Awaited<ReturnType<typeof quietRoot>>;
const rogue = (root: Root, suffix = 'service') => root.put(`${system}/rogue.${suffix}`, '[Unit]\n');

test.each<[string, string[], (root: Root) => Promise<void>]>([
  [
    'a link in a .wants folder of a package, which no preset disables',
    ['rogue.service'],
    async (root) => {
      await rogue(root);
      await root.link(`${system}/multi-user.target.wants/rogue.service`, '../rogue.service');
    },
  ],
  [
    'a drop-in setting of a unit that starts',
    ['rogue.service'],
    async (root) => {
      await rogue(root);
      await root.put(
        'etc/systemd/system/ssh.service.d/x.conf',
        '[Unit]\nWants=nothing.service rogue.service\n',
      );
    },
  ],
  [
    'an alias with another name',
    ['rogue.service'],
    async (root) => {
      await rogue(root);
      await root.link(`${system}/harmless.service`, 'rogue.service');
      await root.link(`${system}/basic.target.wants/harmless.service`, '../harmless.service');
    },
  ],
  [
    'a timer and its service',
    ['other.service', 'rogue.timer'],
    async (root) => {
      await root.put(`${system}/rogue.timer`, '[Timer]\nUnit=other.service\n');
      await root.put(`${system}/other.service`);
      await root.put(`${system}/other.service`, '[Service]\n');
      await root.link(`${system}/timers.target.wants/rogue.timer`, '../rogue.timer');
      await root.put(`${system}/timers.target`, '[Unit]\n');
      await root.link(`${system}/basic.target.wants/timers.target`, '../timers.target');
    },
  ],
  [
    'a socket that a unit names, and its service',
    ['rogue.service', 'rogue.socket'],
    async (root) => {
      await rogue(root);
      await rogue(root, 'socket');
      await root.put('etc/systemd/system/ssh.service.d/x.conf', '[Service]\nSockets=rogue.socket\n');
    },
  ],
  [
    'a path unit',
    ['rogue.path', 'rogue.service'],
    async (root) => {
      await rogue(root);
      await rogue(root, 'path');
      await root.link(`${system}/basic.target.requires/rogue.path`, '../rogue.path');
    },
  ],
  [
    'a SysV script without a unit of its name',
    ['rogue.service'],
    async (root) => {
      await root.put('etc/init.d/rogue');
      await root.link('etc/rc2.d/S01rogue', '../init.d/rogue');
      await root.link('etc/rc2.d/S01ssh', '../init.d/ssh');
    },
  ],
  ['a generator', ['generator rogue'], (root) => root.put('usr/lib/systemd/system-generators/rogue')],
  [
    'a udev rule',
    ['rogue.service'],
    async (root) => {
      await rogue(root);
      await root.put(
        'usr/lib/udev/rules.d/9.rules',
        'SUBSYSTEM=="usb", ENV{SYSTEMD_WANTS}+="rogue.service"\n',
      );
    },
  ],
  [
    'activation by D-Bus, through an alias',
    ['rogue.service'],
    async (root) => {
      await rogue(root);
      await root.link(`${system}/dbus-org.rogue.service`, 'rogue.service');
      await root.put(
        'usr/share/dbus-1/system-services/org.rogue.service',
        'SystemdService=dbus-org.rogue.service\n',
      );
    },
  ],
  [
    'a unit that starts at every login',
    ['user rogue.service'],
    async (root) => {
      await root.put('usr/lib/systemd/user/rogue.service', '[Service]\n');
      await root.put('usr/lib/systemd/user/default.target', '[Unit]\n');
      await root.link(
        'etc/systemd/user/default.target.wants/rogue.service',
        '/usr/lib/systemd/user/rogue.service',
      );
    },
  ],
])('%s is found if it is not declared', async (_, names, plant) => {
  const root = await quietRoot();
  await plant(root);
  expect((await root.undeclared()).sort()).toEqual(names);
});
