import { describe, expect, test } from 'vitest';
import type { FetchedFile, MachineEvent } from '../../../src/netboot/machine-event.ts';
import { MachineTable, progressLine } from '../../../src/netboot/machine-progress.ts';

const mac = '52:54:00:00:00:01';
const address = '10.0.0.11';
const asked = (by: string, firmware = true): MachineEvent => ({ kind: 'asked', mac, by, firmware });
const has: MachineEvent = { kind: 'address', mac, address };
const got = (path: string, more: Partial<FetchedFile> = {}): MachineEvent => ({
  kind: 'file',
  address,
  file: { path, by: 'HTTP', status: 200, bytes: 2_000_000, seconds: 1.5, whole: true, ...more },
});
const isA = (role: string): MachineEvent => ({ ...got(`/roles/${role}.ipxe`), mac });
const reports = (stage: string, text: string, from = address): MachineEvent => ({
  kind: 'report',
  mac,
  address: from,
  stage,
  text,
});

/** The news when each of these events is seen a second after the previous one. */
function newsOf(...seen: MachineEvent[]): string[] {
  const table = new MachineTable();
  return seen.flatMap((one, second) =>
    table.take(one, second * 1000).map(({ seconds, text }) => `${seconds} ${text}`),
  );
}

describe('the progress of a machine', () => {
  test('is reported from its first request to its services, each stage once, with the seconds since it began', () => {
    expect(
      newsOf(
        asked('UEFI HTTP'),
        has,
        got('/loader/snponly.efi'),
        asked('iPXE'),
        has,
        got('/boot.ipxe'),
        isA('master'),
        got('/images/master/20261122-aa/vmlinuz'),
        got('/images/master/20261122-aa/initrd.img'),
        asked('the system', false),
        has,
        got('/images/master/20261122-aa/root.verity'),
        got('/images/master/20261122-aa/root.squashfs', { bytes: 203_190_272, seconds: 3.04 }),
        reports('root', 'fetched and verified'),
        got('/seed/0123ab/user-data'),
        reports('booted', 'demo-master-1'),
      ),
    ).toEqual([
      '0 asks for an address: UEFI HTTP',
      '1 has an address',
      '2 loader snponly.efi by HTTP',
      '6 is a master',
      '7 kernel of master 20261122-aa, 2.0 MB in 1.5 s',
      '8 initrd, 2.0 MB in 1.5 s',
      '12 root fetched, 203.2 MB in 3.0 s',
      '13 root verified',
      '14 cluster seed',
      '15 booted: demo-master-1',
    ]);
  });

  test('begins again when its firmware requests an address again, but not when its system renews the address', () => {
    const kernel = got('/images/slave/1/vmlinuz');
    expect(
      newsOf(asked('BIOS PXE'), has, isA('slave'), kernel, asked('the system', false), has),
    ).toHaveLength(4);
    expect(newsOf(asked('BIOS PXE'), has, kernel, asked('BIOS PXE'), has).slice(3)).toEqual([
      '0 asks for an address: BIOS PXE',
      '1 has an address',
    ]);
  });

  test('includes problems: no address, a refusal, a missing file, a transfer that is interrupted', () => {
    expect(
      newsOf(
        has,
        { kind: 'no-address', mac, why: 'no address available' },
        reports('refused', 'this machine has 469 MiB of memory; the role needs 900 MiB'),
        got('/images/slave/1/vmlinuz', { status: 404 }),
        got('/images/slave/1/root.squashfs', { whole: false }),
      ).slice(1),
    ).toEqual([
      '1 gets no address: no address available',
      '2 REFUSED: this machine has 469 MiB of memory; the role needs 900 MiB',
      '3 asked for /images/slave/1/vmlinuz, which it did not get: 404',
      '4 /images/slave/1/root.squashfs broke off after 2.0 MB, 1.5 s',
    ]);
  });

  test('of a machine that is not in the inventory shows this, and then its choice', () => {
    expect(newsOf(asked('BIOS PXE'), isA('unknown'), isA('slave')).slice(1)).toEqual([
      '1 is not in the inventory',
      '2 is a slave',
    ]);
  });

  test('is known behind another DHCP server as soon as the loader reports its identity', () => {
    expect(newsOf(got('/loader/undionly.kpxe', { by: 'TFTP' }), isA('slave'))).toEqual([
      '0 loader undionly.kpxe by TFTP',
      '0 is a slave',
    ]);
  });

  test('cannot be reported by another machine: a report counts only from the address of the machine', () => {
    const other = '10.0.0.66';
    expect(newsOf(reports('booted', 'fine'))).toEqual([]);
    expect(
      newsOf(
        asked('BIOS PXE'),
        has,
        reports('booted', 'I am well', other),
        reports('failed', 'again', other),
        reports('booted', 'demo-master-1'),
      ).slice(2),
    ).toEqual([`2 a report for it came from ${other}, and is not counted`, '4 booted: demo-master-1']);
    // It does not help to fetch something in its name, or to name another machine from its own address.
    const inItsName: MachineEvent = { ...isA('slave'), kind: 'file', address: other } as MachineEvent;
    expect(newsOf(has, inItsName, reports('booted', 'I am well', other)).slice(1)).toEqual([
      `2 a report for it came from ${other}, and is not counted`,
    ]);
  });

  test('continues with the next address that its DHCP server assigns', () => {
    const next = '10.0.0.12';
    expect(
      newsOf(has, { kind: 'address', mac, address: next }, reports('booted', 'here', next)).slice(1),
    ).toEqual(['2 booted: here']);
  });

  test('is kept within limits, whoever sends requests, and a machine of the inventory is not displaced by others', () => {
    const table = new MachineTable((one) => one === mac);
    const randomMac = (n: number): string =>
      `02:00:${[16, 8, 0].map((shift) => ((n >> shift) & 255).toString(16).padStart(2, '0')).join(':')}:00`;
    const randomAddress = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
    table.take(asked('BIOS PXE'), 0);
    table.take({ kind: 'address', mac, address: '192.168.0.1' }, 0);
    const flood = (from: number, to: number): void => {
      for (let n = from; n < to; n += 1) {
        const other = randomMac(n);
        table.take({ kind: 'asked', mac: other, by: 'BIOS PXE', firmware: true }, n);
        if (n % 2 === 0) table.take({ kind: 'address', mac: other, address: randomAddress(n) }, n);
        table.take({ ...got('/x'), address: randomAddress(n + 1_000_000) } as MachineEvent, n);
        table.take({ ...got('/x'), mac: randomMac(n + 1_000_000) }, n);
        table.take({ kind: 'report', mac: randomMac(n), address: randomAddress(n), stage: 'x', text: '' }, n);
      }
    };
    flood(0, 10_000);
    const size = table.size;
    flood(10_000, 20_000);
    expect(table.size).toBeLessThanOrEqual(Math.max(size, 10_000));
    const booted = table.take(
      { ...reports('booted', 'still here'), address: '192.168.0.1' } as MachineEvent,
      1000,
    );
    expect(booted.map(({ text }) => text)).toEqual(['booted: still here']);
  });

  test('is a line with the machine, its address, its role and the seconds', () => {
    const progress = {
      mac,
      address,
      role: 'slave' as const,
      stage: 'kernel',
      text: 'kernel',
      seconds: 12.34,
    };
    expect(progressLine(progress)).toBe('52:54:00:00:00:01  10.0.0.11        slave      12.3 s  kernel');
  });
});
