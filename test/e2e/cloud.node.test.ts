import { copyFileSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackDisk } from '../../src/disk/disk-files.ts';
import type { Running } from '../../src/host/host.ts';
import { makeHost } from '../../src/host/make-host.ts';
import { loadTemplates } from '../../src/inputs/load-templates.ts';
import { rawDisk } from '../../src/inputs/targets/raw.ts';
import { renderNodeSeed } from '../../src/render/render-node-seed.ts';
import { signedUserData } from '../../src/version/sign-seed.ts';
import { keySigner } from '../../src/version/signer.ts';
import { awaitSsh } from '../../src/vm/await-ssh.ts';
import { freePort } from '../../src/vm/free-port.ts';
import { machineArguments } from '../../src/vm/qemu-machine.ts';
import { runOnNode } from '../../src/vm/ssh.ts';
import { makeSshKey } from '../../src/vm/ssh-key.ts';
import { bakeOnce, runKey, storeFolder } from './baked-store.ts';
import { type MetadataService, startMetadata } from './ec2-metadata.ts';
import { project } from './ingot-process.ts';
import { relayProgram } from './relay.ts';

// As on EC2: the UUID of an instance begins with ec2, and its serial number is the same (EC2 User Guide, "Identify EC2
// instances").
const uuid = 'ec2e1916-9099-7caf-fd21-012345abcdef';
const instance = { id: 'i-0123456789abcdef0', mac: '52:54:00:77:00:31', address: '169.254.10.31' };
const master = '169.254.10.11';
const host = makeHost();
const folder = mkdtempSync(join(tmpdir(), 'ingot-cloud-'));
const console = join(folder, 'console.log');

let metadata: MetadataService | undefined;
let node: Running | undefined;
let said = '';

/**
 * QEMU's user network assigns addresses by DHCP; requests to 169.254.169.254 reach the test's service, and nothing else
 * is reachable.
 */
function network(sshPort: number, metadataPort: number): string[] {
  const relay = join(folder, 'relay.cjs');
  writeFileSync(relay, relayProgram);
  return [
    ...['-netdev'],
    [
      `user,id=vpc,restrict=on,ipv6=off,net=169.254.0.0/16,dhcpstart=${instance.address}`,
      `hostfwd=tcp:127.0.0.1:${sshPort}-${instance.address}:22`,
      `guestfwd=tcp:169.254.169.254:80-cmd:${process.execPath} ${relay} ${metadataPort}`,
    ].join(','),
    ...['-device', `virtio-net-pci,netdev=vpc,mac=${instance.mac},romfile=`],
  ];
}

/**
 * A Nitro instance, as far as QEMU can emulate it: UEFI, the disk on NVMe, EC2's strings in SMBIOS. There is no ENA.
 */
function machine(disk: string): string[] {
  const variables = join(folder, 'variables.fd');
  copyFileSync('/usr/share/OVMF/OVMF_VARS_4M.fd', variables);
  return [
    ...machineArguments({ accelerator: 'tcg', cpus: 2, memoryMiB: 2048 }),
    ...['-machine', 'q35', '-serial', `file:${console}`, '-device', 'virtio-rng-pci'],
    ...['-drive', 'if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${variables}`],
    ...['-uuid', uuid, '-smbios', `type=1,manufacturer=Amazon EC2,product=m6i.large,serial=${uuid}`],
    ...['-drive', `if=none,id=volume,format=raw,snapshot=on,file=${disk}`],
    ...['-device', 'nvme,drive=volume,serial=vol0123456789abcdef0'],
  ];
}

describe('the cloud disk on a machine like an EC2 instance', () => {
  beforeAll(async () => {
    const bake = await bakeOnce();
    expect(bake.exitCode, bake.stderr).toBe(0);
    const slave = join(storeFolder, 'slave', readlinkSync(join(storeFolder, 'slave', 'latest')));
    const disk = join(folder, 'disk.raw');
    await unpackDisk(host, rawDisk, { raw: disk, file: join(slave, 'cloud', 'disk.raw.zst') });
    const key = await makeSshKey(host, join(folder, 'key'));
    const seed = renderNodeSeed(await loadTemplates(join(project, 'templates')), {
      ...{ cluster: 'demo', data: null, masters: [master], operatorKeys: [key.publicKey], network: null },
    });
    const userData = seed.find(({ path }) => path === 'user-data')?.content ?? '';
    metadata = await startMetadata({
      ...instance,
      userData: await signedUserData(userData, keySigner(runKey())),
    });
    const sshPort = await freePort();
    const qemuLog = join(folder, 'qemu.log');
    node = await host.start('qemu-system-x86_64', [...machine(disk), ...network(sshPort, metadata.port)], {
      log: qemuLog,
    });
    const ssh = { port: sshPort, user: 'ops', keyFile: key.privateKeyFile };
    await awaitSsh(host, { name: 'the instance', node, ssh, console, qemuLog, limitSeconds: 900 });
    const questions = [
      // The unit may still be starting; starting it again waits for it.
      'systemctl start ingot-identity.service',
      'cat /var/lib/cloud/instance/datasource',
      'readlink -f "$(findmnt --noheadings --output SOURCE --mountpoint /var/lib/ingot/state)"',
      'hostname; cat /etc/ingot/cluster.json; ingot-status',
      'cat /sys/class/tty/console/active',
      'systemctl is-active ingot-identity.service; cloud-init status',
    ];
    said = (await runOnNode(host, ssh, questions.join('; '))).stdout;
  });
  afterAll(async () => {
    await node?.end({ signal: 'SIGKILL' });
    metadata?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('finds its root and its state on NVMe, whatever the name of the device', () => {
    expect(said).toMatch(/^\/dev\/nvme0n1p3$/m);
  });

  it('takes the signed cluster seed from the user data of the instance, through version 2 of the metadata service', () => {
    expect(said).toMatch(/^DataSourceEc2/m);
    expect(metadata?.asked).toContainEqual(expect.stringMatching(/^PUT \/latest\/api\/token 200$/));
    expect(metadata?.asked).toContainEqual(expect.stringMatching(/^GET \/[\w-]+\/user-data 200$/));
    expect(said).toContain(`"masters":["${master}"]`);
    expect(said).toMatch(/^seed +signed by release/m);
  });

  it('derives its identity from its own address, and cloud-init reports that it is done', () => {
    expect(said).toMatch(/^demo-slave-169-254-10-31$/m);
    expect(said).toMatch(/^active$/m);
    expect(said).toMatch(/^status: done$/m);
  });

  it('writes to the serial console, where EC2 shows it', async () => {
    expect(said).toMatch(/^tty0 ttyS0$/m);
    // The login prompt appears when the boot has nothing else to print (systemd.service(5), Type=idle).
    await expect
      .poll(() => readFileSync(console, 'utf8'), { timeout: 120_000 })
      .toMatch(/demo-slave-169-254-10-31 login:/);
  });
});
