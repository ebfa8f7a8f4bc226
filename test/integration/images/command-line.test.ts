import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NodeTree } from '../../unit/images/node-tree.ts';
import { runInitrd } from '../../unit/images/run-initrd.ts';

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
});
afterEach(() => {
  tree.remove();
});

/** Boots a machine with these words, and an image with these arguments of its own. */
function boots(words: string, own: readonly string[] = []): { goesOn: boolean; console: string } {
  tree.write('/cmdline', `${words}\n`);
  tree.write('/own', own.map((word) => `${word}\n`).join(''));
  tree.write('/console', '');
  const check = 'reboot() { echo restarts; }; ingot_check_command_line; echo goes on';
  const said = runInitrd(tree, `INGOT_OWN_ARGUMENTS=${tree.folder}/own; INGOT_PAUSE=0; ${check}`);
  const console = tree.read('/console');
  expect(said).toBe(console === '' ? 'goes on\n' : 'restarts\n');
  return { goesOn: console === '', console };
}

const slot =
  'BOOT_IMAGE=/a/vmlinuz boot=ingot ingot.esp=1A2B-3C4D ingot.slot=a ingot.roothash=00ff ingot.version=20261128-0b4b461de0ea console=tty0 console=ttyS0,115200n8 panic=30 loglevel=4';
const own = ['loglevel=4', 'systemd.condition-first-boot=0', 'systemd.unified_cgroup_hierarchy=0'];

describe('the kernel command line', () => {
  it.each([
    ['of a slot', `${slot} systemd.condition-first-boot=0 systemd.unified_cgroup_hierarchy=0`],
    ['of a trial', `${slot} ingot.trying=1 panic=30`],
    [
      'of a boot over the network',
      'initrd=initrd.img boot=ingot ingot.fetch=http://10.0.0.2/x ingot.memory=1220 ip=dhcp BOOTIF=01-52-54-00-00-00-01 panic=30 ingot.report=http://10.0.0.2/report ds=nocloud-net;s=http://10.0.0.2/seed/',
    ],
    ['with arguments for the hardware', `${slot} nomodeset mitigations=off iommu=pt`],
  ])('%s boots', (_, words) => {
    expect(boots(words, own).goesOn).toBe(true);
  });

  it.each([
    'break',
    'break=top',
    'init=/bin/sh',
    'rdinit=/bin/sh',
    'boot=local',
    'panic=',
    'single',
    'S',
    '1',
    'rescue',
    'emergency',
    '-b',
    '--',
    'systemd.debug_shell',
    '"systemd.debug-shell=1"',
    "'systemd.debug_shell'",
    'sys\\temd.debug_shell',
    'systemd.unit=emergency.target',
    'systemd.run="chpasswd"',
    'systemd.set_credential=passwd.hashed-password.root:x',
    'rd.systemd.debug_shell',
    'SYSTEMD_SULOGIN_FORCE=1',
    'LD_PRELOAD=/x.so',
    'cc:',
    'cloud-config-url=http://h/',
  ])('with %s is refused, and the machine restarts without a shell', (word) => {
    const refused = boots(`${slot} ${word}`, own);
    expect(refused.goesOn).toBe(false);
    expect(refused.console).toMatch(
      /^ingot: refusing to boot: ".*" on the kernel command line .*, and is not one of this image's own arguments; restarting in 30 s\n$/,
    );
  });

  it('accepts exactly the words that the image itself has', () => {
    expect(boots(`${slot} systemd.debug_shell`, ['systemd.debug_shell']).goesOn).toBe(true);
    expect(boots(`${slot} systemd.debug_shell=ttyS1`, ['systemd.debug_shell']).goesOn).toBe(false);
  });

  it('is refused with the word in any place and with any quotes', () => {
    const words = fc.array(fc.constantFrom(...slot.split(' '), ...own), { maxLength: 6 });
    const quote = fc.constantFrom('', '"', "'", '\\');
    fc.assert(
      fc.property(words, words, quote, fc.nat(12), (before, after, mark, at) => {
        const word = 'init=/bin/sh';
        const quoted = `${word.slice(0, at)}${mark}${word.slice(at)}`;
        expect(boots([...before, quoted, ...after].join(' '), own).goesOn).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
