import { describe, expect, test } from 'vitest';
import { judgeAccelerator } from '../../../src/doctor/checks/accelerator.ts';
import { judgeMemory } from '../../../src/doctor/checks/memory.ts';
import { judgePorts } from '../../../src/doctor/checks/ports.ts';
import { judgePrograms } from '../../../src/doctor/checks/programs.ts';
import { judgeRuns } from '../../../src/doctor/checks/runs.ts';
import { judgeSpace } from '../../../src/doctor/checks/space.ts';
import { judgeSystem } from '../../../src/doctor/checks/system.ts';
import { fixFindings } from '../../../src/doctor/examine-host.ts';
import { found, ok } from '../../../src/doctor/finding.ts';
import { makeHost } from '../../../src/host/make-host.ts';
import type { RequiredProgram } from '../../../src/host/required-programs.ts';

const gib = 1024 ** 3;
const nothing = () => Promise.resolve();

describe('a check of the host', () => {
  test('names a missing program, its package and the command that installs all that are missing', () => {
    const programs: RequiredProgram[] = [
      { program: 'one', debianPackage: 'ones', for: 'this' },
      { program: 'two', debianPackage: 'twos', for: 'that' },
      { program: 'six', debianPackage: 'sixes', for: 'both' },
    ];
    const missing = new Set(programs.slice(1));
    const findings = judgePrograms(programs, missing, new Map([['ones', '1.2-3']]), 'bake');
    expect(findings[0]).toEqual(ok('programs', 'one (ones 1.2-3): this'));
    expect(findings[1]).toMatchObject({
      state: 'problem',
      text: 'two is missing (Debian package twos): that',
      remedy: { command: 'apt-get install --no-install-recommends twos sixes' },
    });
    expect(findings[2]?.remedy?.fix).toBeTypeOf('function');
  });

  test('only warns of programs of ingot netboot, and does not install a server by itself', () => {
    const server: RequiredProgram = { program: 'nginx', debianPackage: 'nginx', for: 'HTTP' };
    const [finding] = judgePrograms([server], new Set([server]), new Map(), 'netboot');
    expect(finding?.state).toBe('warning');
    expect(finding?.remedy?.fix).toBeUndefined();
  });

  test('refuses an old Node.js and another processor, and warns of another system and without root', () => {
    const states = (more: object) =>
      judgeSystem({
        osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
        architecture: 'x64',
        node: '20.20.0',
        root: true,
        ...more,
      }).map(({ state }) => state);
    expect(states({})).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(states({ osRelease: 'ID=ubuntu\nVERSION_ID="24.04"\n' })[0]).toBe('warning');
    expect(states({ architecture: 'arm64' })[1]).toBe('problem');
    expect(states({ node: '20.19.5' })[2]).toBe('problem');
    expect(states({ node: '22.1.0' })[2]).toBe('ok');
    expect(states({ root: false })[3]).toBe('warning');
  });

  test('names the space that is missing, and inodes', () => {
    const need = {
      ...{ what: 'the store', folder: '/out', needed: 9 * gib, elsewhere: '--out FOLDER' },
      state: 'problem' as const,
    };
    const inodes = { free: 1e6, all: 2e6 };
    expect(judgeSpace({ ...need, free: 20 * gib, inodes }).state).toBe('ok');
    expect(judgeSpace({ ...need, free: gib, inodes }).text).toBe(
      'the store /out has 1.0 GiB free, and needs 9.0 GiB',
    );
    expect(judgeSpace({ ...need, free: 20 * gib, inodes: { free: 5, all: 2e6 } }).state).toBe('problem');
    expect(judgeSpace({ ...need, free: 20 * gib, inodes: { free: 0, all: 0 } }).state).toBe('ok');
  });

  test('says how to bake with little memory, and when it is too little', () => {
    expect(judgeMemory(16_000).state).toBe('ok');
    expect(judgeMemory(3000)).toMatchObject({
      state: 'warning',
      remedy: { command: 'ingot bake SPEC --role master, then --role slave' },
    });
    expect(judgeMemory(1000).state).toBe('problem');
    expect(judgeMemory(undefined).state).toBe('warning');
  });

  test('reports emulation as a warning, with what turns KVM on', () => {
    const tcg = { accelerator: 'tcg', reason: 'no /dev/kvm here' } as const;
    const remedy = (flags: string) => judgeAccelerator(tcg, `flags\t\t: ${flags}\n`, false).remedy?.command;
    expect(remedy('fpu vmx sse')).toBe('modprobe kvm_intel');
    expect(remedy('fpu svm sse')).toBe('modprobe kvm_amd');
    expect(remedy('fpu sse')).toContain('nested virtualisation');
    expect(judgeAccelerator({ accelerator: 'kvm', reason: 'KVM boots' }, '', true).state).toBe('ok');
    expect(judgeAccelerator(tcg, 'flags : vmx\n', true).remedy?.command).not.toContain('modprobe');
    expect(judgeAccelerator(undefined, '', true)).toMatchObject({ state: 'warning' });
  });

  test('reports killed bakes, which can be removed safely, and leaves what others put there', () => {
    const findings = judgeRuns(
      { abandoned: ['/out/runs/a'], living: [], left: ['/out/runs/x is left alone'] },
      nothing,
    );
    expect(findings.map(({ state }) => state)).toEqual(['warning', 'warning']);
    expect(findings[0]?.remedy?.fix).toBe(nothing);
    expect(findings[1]?.remedy?.fix).toBeUndefined();
    expect(judgeRuns({ abandoned: [], living: ['/out/runs/b'], left: [] }, nothing)[0]?.state).toBe('ok');
  });

  test('names the program on a port of ingot netboot serve', () => {
    const dns = { protocol: 'udp', address: '0.0.0.0', port: 67, program: 'dnsmasq' } as const;
    expect(judgePorts([dns])[0]).toMatchObject({
      state: 'warning',
      text: 'port 67/udp (DHCP) is taken by dnsmasq; only for ingot netboot serve',
    });
    expect(judgePorts([{ ...dns, protocol: 'tcp' }])[0]?.state).toBe('ok');
  });
});

describe('--fix', () => {
  test('does each remedy once, and nothing that is not safe', async () => {
    let times = 0;
    const remedy = {
      command: 'apt-get install twos',
      fix: () => {
        times += 1;
        return Promise.resolve();
      },
    };
    const done = await fixFindings(makeHost(), [
      found('programs', 'problem', 'one', remedy),
      found('programs', 'problem', 'two', { ...remedy }),
      found('clock', 'problem', 'three', 'timedatectl set-ntp true'),
      ok('ports', 'free'),
    ]);
    expect(done).toEqual(['apt-get install twos']);
    expect(times).toBe(1);
  });
});
