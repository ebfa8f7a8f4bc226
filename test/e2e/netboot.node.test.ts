import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runChecks } from '../../src/boot-test/run-checks.ts';
import { inParallel } from '../../src/host/in-parallel.ts';
import { makeHost } from '../../src/host/make-host.ts';
import type { Role } from '../../src/inputs/plan/plan.ts';
import { readPlan } from '../../src/inputs/read-plan.ts';
import { awaitSsh } from '../../src/vm/await-ssh.ts';
import { makeSshKey, type SshKey } from '../../src/vm/ssh-key.ts';
import { bakeOnce, signingKeyFile, storeFolder } from './baked-store.ts';
import { type IngotProcess, project, startProgram } from './ingot-process.ts';
import { PxeLab, type StartedMachine } from './pxe-lab.ts';

const host = makeHost();
// The accounts of the servers' processes must be able to read it.
const folder = mkdtempSync(join(tmpdir(), 'ingot-netboot-'));
chmodSync(folder, 0o755);
let key: SshKey;

const machines = {
  master: { mac: '52:54:00:0a:00:01', address: '10.68.0.11' },
  slave: { mac: '52:54:00:0a:00:42', address: '10.68.0.21' },
} as const;

/** A spec of one master whose images are those of the store. */
function specFile(name: string, netboot: string): string {
  const spec = join(folder, `${name}.yaml`);
  writeFileSync(
    spec,
    `cluster: lab
masters: [${machines.master.address}]
singleMaster: true
mesos: { deb: mesos.deb }
marathon: { deb: marathon.deb }
operators: ['${key.publicKey.trim()}']
netboot:
  server: 10.68.0.2
  menuSeconds: 2
${netboot}`,
  );
  return spec;
}

async function labOf(name: string): Promise<PxeLab> {
  const lab = new PxeLab(folder, name, '10.68.0.2/24');
  onTestFinished(() => lab.remove());
  return Promise.resolve(lab);
}

async function serve(lab: PxeLab, spec: string): Promise<IngotProcess> {
  const args = [
    'netboot',
    'serve',
    spec,
    '--out',
    storeFolder,
    '--into',
    join(folder, 'netboot'),
    '--interface',
    'br0',
    '--sign',
    signingKeyFile,
  ];
  const server = startProgram('ip', lab.inside(join(project, 'bin', 'ingot'), args), { cwd: folder });
  onTestFinished(async () => {
    server.child.kill('SIGTERM');
    await server.ended;
  });
  await server.shows('serving http://10.68.0.2 on br0');
  return server;
}

/** Waits until the console of a machine shows the text; rejects if the machine ends before that. */
async function shows({ running, shown }: StartedMachine, text: string): Promise<void> {
  const ended = running.ended.then(() => true);
  while (!shown().includes(text))
    if (await Promise.race([ended, wait(200, false)]))
      throw new Error(`the machine ended without showing "${text}":\n${shown().slice(-2000)}`);
}

/** The lines in which the server reported what a machine did, without the machine and the times. */
const reportedOf = (stderr: string, mac: string): string[] =>
  stderr.split('\n').flatMap((line) => (line.startsWith(mac) ? [line.replace(/^.* s {2}/, '')] : []));

beforeAll(async () => {
  key = await makeSshKey(host, join(folder, 'ops-key'));
  const bake = await bakeOnce();
  expect(bake.exitCode, bake.stderr).toBe(0);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('machines that boot over the network', () => {
  it('form a cluster: a master by UEFI HTTP boot with a data disk, a slave by BIOS PXE without one; a machine that is not in the inventory shows this', async () => {
    const spec = specFile(
      'full',
      `  dhcp: { from: 10.68.0.100, to: 10.68.0.150, netmask: 255.255.255.0 }
  machines:
    - { mac: '${machines.master.mac}', role: master, address: ${machines.master.address} }
    - { mac: '52:54:00:0a:00:43', role: slave, address: 10.68.0.22 }
    - { mac: '${machines.slave.mac}', role: slave, address: ${machines.slave.address} }
    - { macs: '52:54:00:0b:00:00-52:54:00:0b:ff:ff', role: slave }
`,
    );
    const lab = await labOf('full');
    const server = await serve(lab, spec);
    const booted = (['master', 'slave'] as const).map((role) =>
      server.shows(new RegExp(`^${machines[role].mac} .* booted: `)),
    );
    const disk = join(folder, 'data.raw');
    writeFileSync(disk, '');
    truncateSync(disk, 4 * 1024 ** 3);
    await host.run('mke2fs', ['-q', '-t', 'ext4', '-L', 'ingot-data', disk]);

    const stranger = await lab.start({
      ...{ name: 'unknown', mac: '52:54:00:0c:00:01', firmware: 'BIOS PXE', memoryMiB: 256 },
    });
    const started = {
      master: await lab.start({
        name: 'master',
        ...machines.master,
        firmware: 'UEFI HTTP',
        memoryMiB: 2048,
        disk,
      }),
      slave: await lab.start({ name: 'slave', ...machines.slave, firmware: 'BIOS PXE', memoryMiB: 2048 }),
    };
    await shows(stranger, 'nothing was chosen for this machine (52:54:00:0c:00:01)');
    await stranger.running.end({ signal: 'SIGKILL' });

    const { plan } = await readPlan(host, join(project, 'examples', 'cluster.yaml'));
    const ask = async (role: Role, signal: AbortSignal): Promise<string[]> => {
      const { running, console, qemuLog } = started[role];
      const ssh = { address: machines[role].address, port: 22, user: 'ops', keyFile: key.privateKeyFile };
      await awaitSsh(lab.host, {
        name: role,
        node: running,
        ssh,
        console,
        qemuLog,
        limitSeconds: 1200,
        signal,
      });
      // The only check of a disk; this slave does not have one.
      const checks = plan.roles
        .filter((one) => one.role === role)
        .flatMap((one) => one.checks)
        .filter(({ name }) => role === 'master' || name !== 'state is on the data partition');
      const results = await runChecks(lab.host, checks, {
        nodeName: role,
        ssh,
        console,
        patience: 8,
        signal,
      });
      return results.map(({ name }) => name);
    };
    const asked = await inParallel(
      new AbortController().signal,
      (['master', 'slave'] as const).map((role) => (signal) => ask(role, signal)),
    );
    expect(asked[0]).toEqual(expect.arrayContaining(['a Mesos master is elected', 'Marathon has a leader']));
    expect(asked[1]).toEqual(expect.arrayContaining(['the agent is registered']));
    await Promise.all(booted);

    server.child.kill('SIGINT');
    const { exitCode, stderr } = await server.ended;
    expect(exitCode, stderr).toBe(0);
    const stages = (role: Role, first: string, ...loader: string[]): RegExp[] =>
      [
        ...[
          `^asks for an address: ${first}$`,
          '^has an address$',
          ...loader,
          `^is a ${role}$`,
          `^kernel of ${role} `,
        ],
        ...['^initrd, 1', '^root fetched, 2', '^root verified$', '^booted: .*is healthy'],
      ].map((text) => new RegExp(text));
    const inOrder = (lines: readonly string[], wanted: readonly RegExp[]): void => {
      const places = wanted.map((one) => lines.findIndex((line) => one.test(line)));
      expect(places, lines.join('\n')).toEqual([...places].sort((a, b) => a - b));
      expect(places, lines.join('\n')).not.toContain(-1);
    };
    inOrder(
      reportedOf(stderr, machines.master.mac),
      stages('master', 'UEFI HTTP', '^loader snponly.efi by HTTP$'),
    );
    // QEMU's boot ROM is itself iPXE.
    inOrder(reportedOf(stderr, machines.slave.mac), stages('slave', 'iPXE'));
    for (const { mac } of Object.values(machines)) expect(reportedOf(stderr, mac)).toContain('cluster seed');
    expect(reportedOf(stderr, '52:54:00:0c:00:01')).toContain('is not in the inventory');
  });

  it('learn what to boot from ingot while another DHCP server of the network assigns the addresses: by UEFI PXE up to the menu', async () => {
    const spec = specFile('proxy', '  dhcp: { proxy: true, netmask: 255.255.255.0 }\n');
    const lab = await labOf('proxy');
    const server = await serve(lab, spec);
    const neighbour = lab.neighbour('10.68.0.1/24');
    const other = await host.start(
      'ip',
      neighbour('dnsmasq', [
        ...[
          '--conf-file=/dev/null',
          '--keep-in-foreground',
          '--port=0',
          '--interface=eth0',
          '--bind-interfaces',
        ],
        ...['--dhcp-range=10.68.0.30,10.68.0.60,255.255.255.0', '--dhcp-option=option:router'],
        ...[`--dhcp-leasefile=${join(folder, 'other-leases')}`, '--pid-file', '--user=root'],
      ]),
      { log: join(folder, 'other.log') },
    );
    onTestFinished(() => other.end());
    const machine = await lab.start({
      name: 'pxe',
      mac: '52:54:00:0c:00:02',
      firmware: 'UEFI PXE',
      memoryMiB: 512,
    });
    await shows(machine, 'nothing was chosen for this machine (52:54:00:0c:00:02)');
    server.child.kill('SIGINT');
    const { exitCode, stderr } = await server.ended;
    expect(exitCode, stderr).toBe(0);
    expect(reportedOf(stderr, '52:54:00:0c:00:02')).toEqual([
      ...['asks for an address: UEFI PXE', 'loader snponly.efi by TFTP', 'is not in the inventory'],
    ]);
  });
});
