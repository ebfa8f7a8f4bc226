import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { normalSysctl } from '../../../../src/inputs/cluster-spec/sysctl-rules.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

/** The headlines and remedies of a spec with these lines under slave; the first of them is line 8. */
function errorsOf(...lines: string[]): string[] {
  const text = `${smallSpec}slave:\n${lines.map((line) => `  ${line}\n`).join('')}`;
  return ingotErrorOf(() => parseSpec(text, 'cluster.yaml'))
    .message.split('\n')
    .flatMap(
      (line) => /^cluster\.yaml:(\d+:\d+: .*)|^ {2}(right: .*)/.exec(line)?.slice(1).filter(Boolean) ?? [],
    );
}
const sysctl = (line: string): string[] => errorsOf('sysctls:', `  ${line}`);

test('case 09: settings of modules, patterns and slashes are refused with their place; blanks are not', () => {
  expect(
    errorsOf(
      'sysctls:',
      '  net.bridge.bridge-nf-call-iptables: 1',
      '  net.netfilter.nf_conntrack_max: 1048576',
      '  net.ipv4.conf.*.rp_filter: 2',
      '  net/ipv4/conf/lo/rp_filter: 0',
      '  net.ipv4.tcp_rmem: "4096  87380   16777216"',
      '  kernel.unprivileged_userns_apparmor_policy: 1',
    ),
  ).toEqual([
    '9:5: net.bridge.bridge-nf-call-iptables exists only while the module br_netfilter is loaded',
    'right: next to sysctls, modules: [br_netfilter], which loads it before they are set',
    '10:5: net.netfilter.nf_conntrack_max exists only while the module nf_conntrack is loaded',
    'right: next to sysctls, modules: [nf_conntrack], which loads it before they are set',
    '11:5: net.ipv4.conf.*.rp_filter is a pattern',
    'right: a line for each setting: only a running kernel knows which ones a pattern matches',
    '12:5: net/ipv4/conf/lo/rp_filter has / between its names',
    'right: points: net.ipv4.conf.lo.rp_filter',
  ]);
});

describe('a setting that the kernel would not accept, or not in this form, is refused', () => {
  test.each([
    [
      'vm.panic_on_oom: true',
      '9:22: true is not a valid sysctl value',
      'right: a whole number (1 and 0 for on and off)',
    ],
    [
      "vm.panic_on_oom: 'true'",
      '9:22: "true" is not a valid sysctl value',
      'right: a whole number (1 and 0 for on and off)',
    ],
    ["vm.panic_on_oom: 'yes'", '9:22: yes is not a number', 'right: 1'],
    ["vm.panic_on_oom: 'off'", '9:22: off is not a number', 'right: 0'],
    [
      'vm.max_map_count: 262144k',
      '9:23: the kernel does not accept "262144k" for vm.max_map_count',
      'right: a whole number in full',
    ],
    ["kernel.panic: '+30'", 'the kernel does not accept "+30"', 'right: a whole number in full'],
    ["kernel.sysrq: '0x1f6'", 'the kernel does not accept "0x1f6"', 'right: the number itself: 502'],
    [
      "kernel.panic: '030'",
      'the kernel does not accept "030"',
      'right: without leading zeros: 30, or what the kernel makes of it as octal, 24',
    ],
    [
      "fs.file-max: '18446744073709551616'",
      'the kernel does not accept "18446744073709551616"',
      'right: a number of 64 bits',
    ],
    ['vm.swappiness: 0.5', '9:20: ', 'a whole number'],
    ['vm.drop_caches: 3', '9:5: vm.drop_caches triggers an action once', 'right: a unit that does it'],
    ['" vm.swappiness": 1', '9:5: " vm.swappiness" is not a valid sysctl key', 'right: a kernel parameter'],
    ['net..ipv4: 1', '9:5: "net..ipv4" is not a valid sysctl key', 'right: a kernel parameter'],
    ['net.ipv4.conf.[ab].rp_filter: 1', 'is a pattern', 'right: a line for each'],
  ])('%s', (line, message, right) => {
    const said = sysctl(line).join('\n');
    expect(said).toContain(message);
    expect(said).toContain(right);
  });

  test('values of text settings stay unchanged', () => {
    const text = `${smallSpec}common:\n  sysctls:\n    kernel.core_pattern: '|/bin/dump %p  %u'\n    net.ipv4.ip_local_reserved_ports: '8080,9000-9100'\n    kernel.printk_devkmsg: 'on'\n    net.core.default_qdisc: fq\n`;
    expect(Object.keys(parseSpec(text, 'cluster.yaml').common.sysctls)).toHaveLength(4);
  });
});

test('a module that is loaded provides its settings, for one role or for all', () => {
  const text = `${smallSpec}common: { modules: [nf_conntrack] }
slave:
  modules: [br-netfilter]
  sysctls: { net.bridge.bridge-nf-call-iptables: 1, net.netfilter.nf_conntrack_max: 1048576 }
`;
  expect(parseSpec(text, 'cluster.yaml').slave.modules).toEqual(['br-netfilter']);
  expect(errorsOf('modules: ["a b"]')[0]).toContain('"a b" is not a valid kernel module');
});

test('numbers are normalised as the kernel does, text is not', () => {
  expect(normalSysctl('4096  87380 \t16777216 ')).toBe('4096 87380 16777216');
  expect(normalSysctl(7)).toBe('7');
  expect(normalSysctl('|/bin/dump %p  %u')).toBe('|/bin/dump %p  %u');
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.constantFrom(' ', '   ', '\t', ' \t'),
      (numbers, blanks) => {
        expect(normalSysctl(` ${numbers.join(blanks)}${blanks}`)).toBe(numbers.join(' '));
      },
    ),
  );
});
