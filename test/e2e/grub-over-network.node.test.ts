import { execFileSync } from 'node:child_process';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { makeHost } from '../../src/host/make-host.ts';
import { firmwareArguments } from '../../src/vm/node.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';
import { bakeOnce, storeFolder } from './baked-store.ts';
import { project } from './ingot-process.ts';
import { labServer } from './netbooted.ts';

const parent = join(project, '.make');
mkdirSync(parent, { recursive: true });
const folder = mkdtempSync(join(parent, 'e2e-grub-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A GRUB as a TFTP server provides it: it requests an address, sets what roles/ROLE.cfg sets, and continues with the
 * version's own configuration.
 */
function makeLoader(port: number): void {
  const early = [
    'net_bootp',
    `set ingot_folder=(http,10.0.2.2:${port})/netboot`,
    `set ingot_base=http://10.0.2.2:${port}/netboot`,
    'set ingot_seed=',
    `set ingot_report=http://10.0.2.2:${port}/report`,
    'source $ingot_folder/grub.cfg',
  ];
  const config = join(folder, 'early.cfg');
  writeFileSync(config, `${early.join('\n')}\n`);
  mkdirSync(join(folder, 'tftp'));
  // The modules that the beginning of the version's grub.cfg names, with GRUB's network.
  const modules = ['tftp', 'http', 'efinet', 'linux', 'regexp', 'test', 'echo', 'sleep', 'reboot'];
  execFileSync('grub-mkimage', [
    ...[
      '--format=x86_64-efi',
      `--config=${config}`,
      '--prefix=/',
      '--output',
      join(folder, 'tftp', 'core.efi'),
    ],
    ...['net', ...modules, 'normal', 'configfile'],
  ]);
}

it('a machine whose loader is GRUB boots the root of the netboot tree with the configuration in that tree', async () => {
  const bake = await bakeOnce();
  expect(bake.exitCode, bake.stderr).toBe(0);
  const version = realpathSync(join(storeFolder, 'slave', 'latest'));
  const server = await labServer(version, (path, reply) => {
    const file = join(version, path);
    if (!path.startsWith('/netboot/') || !existsSync(file)) return false;
    // GRUB 2.06 recognises the header only in this spelling (grub-core/net/http.c).
    reply.writeHead(200, { 'Content-Length': statSync(file).size });
    createReadStream(file).pipe(reply);
    return true;
  });
  onTestFinished(() => {
    server.close();
  });
  makeLoader(server.port);
  let console = '';
  const machine = await makeHost().start(
    'qemu-system-x86_64',
    [
      ...machineArguments({ accelerator: 'tcg', cpus: 2, memoryMiB: 2048 }),
      ...(await firmwareArguments({ firmware: 'uefi', folder })),
      ...['-serial', 'stdio', '-device', 'virtio-rng-pci'],
      ...['-netdev', `user,id=lan,ipv6=off,tftp=${join(folder, 'tftp')},bootfile=core.efi`],
      ...['-device', 'virtio-net-pci,netdev=lan,romfile=,bootindex=1'],
    ],
    { log: join(folder, 'console.log'), onLine: (line) => (console += `${line}\n`) },
  );
  onTestFinished(() => machine.end({ signal: 'SIGKILL' }));
  const ended = machine.ended.then(() => true);
  while (server.reports.length === 0)
    if (await Promise.race([ended, wait(250, false)]))
      throw new Error(`the machine ended:\n${console.slice(-2000)}`);
  expect(console).toMatch(/ingot: ingot-slave-\S+ from \(http,10\.0\.2\.2:\d+\)\/netboot/);
  expect(console).toMatch(/has the address 10\.0\.2\.15/);
  expect(console).toContain('the whole root was verified');
  expect(server.reports).toEqual(['root: fetched and verified']);
});
