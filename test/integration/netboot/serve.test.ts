import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type IngotProcess, processesNaming, startProgram } from '../../e2e/ingot-process.ts';
import { storeVersion } from '../../samples/netboot-store.ts';
import { smallSpec } from '../../samples/spec.ts';
import { temporaryFolder } from '../../samples/temporary.ts';
import { buildIngot, project, removeBuilt } from '../built-ingot.ts';
import { type LabNetwork, labNetwork } from './lab-network.ts';

let built: string;
beforeAll(async () => {
  built = await buildIngot();
});
afterAll(() => removeBuilt(built));

const known = '52:54:00:00:00:01';
const section = `netboot:
  server: 10.66.0.2
  dhcp: {from: 10.66.0.100, to: 10.66.0.150, netmask: 255.255.255.0}
  machines:
    - {mac: "${known}", role: slave, address: 10.66.0.20}
    - {macs: "52:54:00:00:01:00-52:54:00:00:01:7f", role: slave}
`;

interface Lab {
  readonly network: LabNetwork;
  readonly folder: string;
  readonly serve: (...more: string[]) => IngotProcess;
  readonly into: string;
}

/** A store, a spec and a network; the folder's name breaks careless quoting. */
async function lab(netboot = section): Promise<Lab> {
  const folder = await temporaryFolder();
  await chmod(folder, 0o755);
  const out = join(folder, 'out');
  await storeVersion(out, 'master', '20261122-aaaaaaaaaaaa');
  await storeVersion(out, 'slave', '20261122-bbbbbbbbbbbb');
  const spec = join(folder, 'cluster.yaml');
  await writeFile(spec, `${smallSpec}${netboot}`);
  const network = labNetwork('10.66.0.2/24');
  const into = join(folder, 'net, "boot" #1');
  const serve = (...more: string[]): IngotProcess => {
    const [program = '', ...args] = network.at(
      network.server,
      ...[
        process.execPath,
        join(built, 'cli', 'main.js'),
        'netboot',
        'serve',
        spec,
        '--out',
        out,
        '--into',
        into,
      ],
      ...(more.includes('--interface') ? more : ['--interface', 'eth0', ...more]),
    );
    const started = startProgram(program, args, { cwd: folder });
    onTestFinished(async () => {
      started.child.kill('SIGTERM');
      await started.ended;
    });
    return started;
  };
  return { network, folder, serve, into };
}

/** Requests an address as a machine's firmware does, and returns the server's answer: address and boot file. */
function askAs({ network }: Lab, mac: string, ...identity: string[]): { address: string; bootFile: string } {
  const on = (...command: string[]) => {
    const [program = '', ...args] = network.at(network.machine, ...command);
    return execFileSync(program, args, { encoding: 'utf8' });
  };
  on('ip', 'link', 'set', 'eth0', 'address', mac);
  const script = join(project, 'test', 'integration', 'netboot', 'show-lease');
  // The server checks for 3 s whether the address is already in use.
  const said = on(
    'busybox',
    'udhcpc',
    ...['-i', 'eth0', '-f', '-q', '-n', '-t', '5', '-T', '4', '-s', script],
    ...identity,
  );
  const [, address = '', bootFile = ''] = /lease (\S+) (\S*)/.exec(said) ?? [];
  return { address, bootFile };
}

const clients = {
  bios: ['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000'],
  uefi: ['-V', 'PXEClient:Arch:00007:UNDI:003000', '-x', '0x5d:0007'],
  http: ['-V', 'HTTPClient:Arch:00016:UNDI:003000', '-x', '0x5d:0010'],
  ipxe: ['-V', 'PXEClient:Arch:00000:UNDI:002001', '-x', '0x5d:0000', '-x', '0x4d:69505845'],
};

const fetchAt = ({ network }: Lab, ...args: string[]): string => {
  const [program = '', ...rest] = network.at(
    network.machine,
    'curl',
    '--silent',
    '--max-time',
    '10',
    ...args,
  );
  return execFileSync(program, rest, { encoding: 'latin1' });
};

describe('ingot netboot serve', () => {
  test('distinguishes BIOS, UEFI, HTTP boot and iPXE, gives each its file, and reports which machine does what', async () => {
    const here = await lab();
    const server = here.serve('--json');
    await server.shows('serving http://10.66.0.2 on eth0');
    expect(askAs(here, known, ...clients.bios)).toEqual({ address: '10.66.0.20', bootFile: 'undionly.kpxe' });
    expect(askAs(here, known, ...clients.uefi).bootFile).toBe('snponly.efi');
    expect(askAs(here, known, ...clients.http).bootFile).toBe('http://10.66.0.2/loader/snponly.efi');
    expect(askAs(here, known, ...clients.ipxe)).toEqual({
      address: '10.66.0.20',
      bootFile: 'http://10.66.0.2/boot.ipxe',
    });

    const [program = '', ...address] = here.network.at(
      here.network.machine,
      'ip',
      'address',
      'add',
      '10.66.0.20/24',
      'dev',
      'eth0',
    );
    execFileSync(program, address);
    const loader = fetchAt(here, 'tftp://10.66.0.2/undionly.kpxe');
    expect(loader).toBe(await readFile('/usr/lib/ipxe/undionly.kpxe', 'latin1'));
    expect(fetchAt(here, 'http://10.66.0.2/machine.ipxe?mac=52-54-00-00-00-01')).toContain('set base ');
    const last = server.shows('REFUSED: no root');
    const image = 'http://10.66.0.2/images/slave/20261122-bbbbbbbbbbbb';
    expect(fetchAt(here, '--range', '0-6', `${image}/vmlinuz`)).toBe('vmlinuz');
    fetchAt(here, `${image}/root.squashfs`);
    fetchAt(here, `http://10.66.0.2/report?mac=${known}&stage=refused&text=no%20root%1b%5b31m`);
    await last;

    server.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await server.ended;
    expect(exitCode, stderr).toBe(0);
    const stages = stdout
      .split('\n')
      .map((line) => JSON.parse(line) as { mac: string; role?: string; stage: string });
    expect(stages.map(({ stage }) => stage)).toEqual([
      ...['asked', 'address', 'loader', 'role', 'kernel', 'root', 'refused'],
    ]);
    expect(stages.every(({ mac }) => mac === known)).toBe(true);
    expect(stages.at(-1)?.role).toBe('slave');
    expect(stderr).not.toContain('\u001b');
    expect(processesNaming(here.folder)).toEqual([]);
    const [ss = '', ...args] = here.network.at(here.network.server, 'ss', '-Hlntu');
    expect(execFileSync(ss, args, { encoding: 'utf8' })).toBe('');
  });

  test('answers by the inventory: a machine of a range, one outside of it, one that sends no MAC address', async () => {
    const here = await lab();
    const server = here.serve();
    await server.shows('serving');
    const [program = '', ...address] = here.network.at(
      here.network.machine,
      'ip',
      'address',
      'add',
      '10.66.0.9/24',
      'dev',
      'eth0',
    );
    execFileSync(program, address);
    const roleOf = (query: string): string | undefined =>
      /^# (?:What|The script for) a (\w+)/m.exec(fetchAt(here, `http://10.66.0.2/machine.ipxe${query}`))?.[1];
    for (const mac of ['52-54-00-00-01-00', '52-54-00-00-01-7F', '52-54-00-00-01-4a'])
      expect(roleOf(`?mac=${mac}`)).toBe('slave');
    for (const query of [
      '?mac=52-54-00-00-01-80',
      '?mac=52-54-00-00-00-ff',
      '?mac=52-54-00-00-01-00-00',
      '',
      '?mac=',
    ])
      expect(roleOf(query)).toBe('machine');
    server.child.kill('SIGTERM');
    expect((await server.ended).exitCode).toBe(0);
  });

  test('reports which program already uses a port', async () => {
    const here = await lab();
    const first = here.serve();
    await first.shows('serving');
    const { exitCode, stderr } = await here.serve().ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain('port 80 (HTTP) of 10.66.0.2 is taken by nginx');
    expect(fetchAtServer(here)).toContain('#!ipxe');
  });

  test.each([
    [['--interface', 'nope0'], /there is no network interface nope0/],
    [['--interface', 'lo'], /lo has the address 127\.0\.0\.1, and netboot\.server is 10\.66\.0\.2/],
  ])('is refused on another interface: %j', async (more, message) => {
    const { exitCode, stderr } = await (await lab()).serve(...more).ended;
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('names the folder that its servers cannot enter', async () => {
    const here = await lab();
    await chmod(here.folder, 0o700);
    const { exitCode, stderr } = await here.serve().ended;
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`the servers run as www-data, who cannot enter ${here.folder}`);
  });

  test('ends with the output of a server that ends by itself', async () => {
    const here = await lab();
    const server = here.serve();
    await server.shows('serving');
    const pids = execFileSync('ip', ['netns', 'pids', here.network.server], { encoding: 'utf8' }).split('\n');
    const dnsmasq = pids
      .filter((pid) => pid !== '')
      .find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'dnsmasq\n');
    process.kill(Number(dnsmasq), 'SIGTERM');
    const { exitCode, stderr } = await server.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/ingot: dnsmasq ended; its last lines:[^]*exiting on receipt of SIGTERM/);
  });
});

function fetchAtServer({ network }: Lab): string {
  const [program = '', ...args] = network.at(
    network.server,
    'curl',
    '--silent',
    'http://10.66.0.2/boot.ipxe',
  );
  return execFileSync(program, args, { encoding: 'utf8' });
}

describe('the server configurations that ingot netboot writes', () => {
  test.each([
    ['full', section],
    ['proxy', 'netboot: {server: 10.66.0.2, dhcp: {proxy: true, netmask: 255.255.255.0}}\n'],
  ])('are accepted by dnsmasq and nginx: DHCP in %s', async (_, netboot) => {
    const here = await lab(netboot);
    const spec = join(here.folder, 'cluster.yaml');
    const into = join(here.folder, 'made');
    const args = ['netboot', spec, '--out', join(here.folder, 'out'), '--into', into];
    execFileSync(process.execPath, [join(built, 'cli', 'main.js'), ...args], { stdio: 'pipe' });
    const dnsmasq = spawnSync('dnsmasq', ['--test', `--conf-file=${join(into, 'dnsmasq.conf')}`], {
      encoding: 'utf8',
    });
    expect(dnsmasq.stderr).toContain('syntax check OK');
    const [program = '', ...rest] = here.network.at(
      here.network.server,
      ...['nginx', '-t', '-q', '-c', join(into, 'nginx.conf')],
    );
    const nginx = spawnSync(program, rest, { encoding: 'utf8' });
    expect(nginx.status, nginx.stderr).toBe(0);
  });
});
