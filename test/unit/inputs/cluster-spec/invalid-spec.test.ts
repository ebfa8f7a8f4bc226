import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const errorsOf = (text: string): string => ingotErrorOf(() => parseSpec(text, 'cluster.yaml')).message;

describe('an invalid spec', () => {
  test('exits with 2 and says where the keys are explained', () => {
    const error = ingotErrorOf(() => parseSpec('cluster: demo', 'a/b.yaml'));
    expect(error.exitCode).toBe(2);
    expect(error.hint).toContain('docs/spec.md');
    expect(error.message).toContain('a/b.yaml:1:1: masters is missing');
  });

  test('has one message for a misspelled key, also if the key is required', () => {
    const { message } = ingotErrorOf(() =>
      parseSpec(smallSpec.replace('masters:', 'mastres:'), 'cluster.yaml'),
    );
    expect(message).toContain('there is no key mastres here');
    expect(message).toContain('right: did you mean masters?');
    expect(message).not.toContain('masters is missing');
    const other = ingotErrorOf(() => parseSpec(smallSpec.replace('masters:', 'unknown:'), 'cluster.yaml'));
    expect(other.message).toContain('masters is missing');
  });

  test('shows all of its errors at once, in the order of the file', () => {
    expect(
      errorsOf(`cluster: Demo!
mastres: []
masters:
  - 10.0.0.300
  - 10.0.0.11
mesos: {}
marathon: {deb: https://x.example/m.deb}
quorum: 2
targets: [ami]
`),
    ).toMatchInlineSnapshot(`
      "cluster.yaml has 8 errors:

      cluster.yaml:1:10: "Demo!" is not a valid cluster name
        1 | cluster: Demo!
          |          ^
        right: at most 32 lower case letters, digits and hyphens; host names begin with it, such as demo

      cluster.yaml:2:1: there is no key mastres here
        2 | mastres: []
          | ^
        right: did you mean masters?

      cluster.yaml:4:3: 2 masters are an even number
        4 |   - 10.0.0.300
          |   ^
        right: an odd number, 3 at least: 2 masters survive no more losses than 1

      cluster.yaml:4:5: "10.0.0.300" is not a valid IPv4 address
        4 |   - 10.0.0.300
          |     ^
        right: four numbers from 0 to 255, separated by points, such as 10.0.0.11

      cluster.yaml:6:8: neither deb nor source says where it comes from
        6 | mesos: {}
          |        ^
        right: deb: FILE-OR-URL, or source: {url, suite, key}

      cluster.yaml:7:17: a URL without sha256
        7 | marathon: {deb: https://x.example/m.deb}
          |                 ^
        right: add sha256: the first word that sha256sum FILE prints

      cluster.yaml:8:1: there is no key quorum here
        8 | quorum: 2
          | ^
        right: no quorum: it follows from the number of masters (3: 2, 5: 3)

      cluster.yaml:9:11: "ami" is not a valid targets[0]
        9 | targets: [ami]
          |           ^
        right: qcow2 or raw or netboot or ec2 or vmdk or vhd or ova or maas or iso"
    `);
  });

  test('that names a master twice shows both places', () => {
    const text = smallSpec.replace(/masters:.*/, 'masters:\n  - 10.0.0.11\n  - 10.0.0.12\n  - 10.0.0.11');
    expect(errorsOf(text)).toMatchInlineSnapshot(`
      "cluster.yaml has an error:

      cluster.yaml:5:5: 10.0.0.11 is listed twice
        5 |   - 10.0.0.11
          |     ^
        right: each master once; the first is at line 3, column 5"
    `);
  });

  test.each([
    ['an even number of masters', '[10.0.0.11, 10.0.0.12]', '2:10: 2 masters are an even number'],
    [
      'one master without singleMaster',
      '[10.0.0.11]',
      '2:10: a cluster with one master does not survive its loss',
    ],
    ['no master at all', '[]', '2:10: masters must have at least 1 of them'],
    [
      'a host name for an address',
      '[a.example, 10.0.0.2, 10.0.0.3]',
      '2:11: "a.example" is not a valid IPv4 address',
    ],
    [
      'an IPv6 address',
      '["2001:db8::11", 10.0.0.2, 10.0.0.3]',
      '2:11: "2001:db8::11" is an IPv6 address, and Mesos connects its masters and agents only by IPv4',
    ],
    ['an address in a list of lists', '[[10.0.0.1]]', '2:11: masters[0] must be text, this is a list'],
    [
      'several masters with singleMaster',
      '[10.0.0.1, 10.0.0.2, 10.0.0.3]\nsingleMaster: true',
      '3:15: singleMaster: true with 3 masters',
    ],
  ])('is refused: %s', (_, masters, expected) => {
    expect(errorsOf(smallSpec.replace(/masters:.*/, `masters: ${masters}`))).toContain(
      `cluster.yaml:${expected}`,
    );
  });

  test('with values that YAML parsers read as other types is refused, and the error suggests quotes', () => {
    expect(
      errorsOf(`${smallSpec}base: {suite: no}
common:
  files: [{path: /a, content: 12:30:45, mode: 0644}, {path: /b, content: 1.10}]
  sysctls: {vm.swappiness: 012}
`),
    ).toMatchInlineSnapshot(`
      "cluster.yaml has 5 errors:

      cluster.yaml:7:15: no is text to one YAML reader and false to another
        7 | base: {suite: no}
          |               ^
        right: write it in quotes: "no"

      cluster.yaml:9:31: 12:30:45 is text to one YAML reader and 45045 to another
        9 |   files: [{path: /a, content: 12:30:45, mode: 0644}, {path: /b, content: 1.10}]
          |                               ^
        right: write it in quotes: "12:30:45"

      cluster.yaml:9:47: common.files[0].mode must be text, this is the number 644
        9 |   files: [{path: /a, content: 12:30:45, mode: 0644}, {path: /b, content: 1.10}]
          |                                               ^
        right: YAML reads 0644 as the number 644; write it in quotes: "0644"

      cluster.yaml:9:74: common.files[1].content must be text, this is the number 1.1
        9 |   files: [{path: /a, content: 12:30:45, mode: 0644}, {path: /b, content: 1.10}]
          |                                                                          ^
        right: YAML reads 1.10 as the number 1.1; write it in quotes: "1.10"

      cluster.yaml:10:28: 012 is 12 to one YAML reader and 10 to another
        10 |   sysctls: {vm.swappiness: 012}
           |                            ^
        right: write 12 if the number is meant, or in quotes: "012""
    `);
  });

  test('with no or yes for a boolean is refused, and the error suggests true or false', () => {
    expect(errorsOf(`${smallSpec}singleMaster: no\n`)).toMatch(
      /7:15: singleMaster must be true or false[^]*write false/,
    );
    expect(errorsOf(`${smallSpec}singleMaster: yes\n`)).toMatch(
      /7:15: singleMaster must be true or false[^]*write true/,
    );
  });

  test.each([
    [
      'both deb and source',
      '{deb: a.deb, source: {url: "http://x.example/d", suite: s, key: k}}',
      'both deb and source',
    ],
    ['neither', '{version: "1"}', 'neither deb nor source'],
    ['a URL without a digest', '{deb: "http://x.example/a.deb"}', 'a URL without sha256'],
    ['an invalid digest', '{deb: a.deb, sha256: abc}', '"abc" is not a valid SHA-256'],
    ['a version next to a .deb', '{deb: a.deb, version: "1"}', 'version with deb'],
    [
      'a digest next to a source',
      '{sha256: a, source: {url: "http://x.example/d", suite: s, key: k}}',
      'sha256 with source',
    ],
    ['another scheme', '{deb: "ftp://x.example/a.deb"}', 'is not a valid place of a .deb'],
    [
      'a source without a key',
      '{source: {url: "http://x.example/d", suite: s}}',
      'an apt source without a key',
    ],
    ['an empty section', '', 'mesos is empty'],
    [
      'a source with a key that is trusted anyway',
      '{source: {url: "http://x.example/d", suite: s, key: k, trusted: true}}',
      'both key and trusted',
    ],
    ['text', 'a.deb', '"a.deb" is not a valid origin of Mesos'],
  ])('is refused where Mesos comes from %s', (_, mesos, expected) => {
    expect(errorsOf(smallSpec.replace(/mesos:\n.*/, `mesos: ${mesos}`))).toContain(expected);
  });

  test.each([
    ['packages: [htop-]', '"htop-" is not a valid Debian package'],
    ['packages: htop', 'common.packages must be a list, this is text'],
    ['files: [{path: etc/motd, content: x}]', '"etc/motd" is not a valid path on the node'],
    ['files: [{path: /etc/../x, content: x}]', '"/etc/../x" is not a valid path on the node'],
    ['files: [{path: /a}]', 'neither content nor from'],
    ['files: [{path: /a, content: x, from: y}]', 'both content and from'],
    ['files: [{path: /a, content: x}, {path: /a, content: y}]', '/a is listed twice'],
    ['files: [{path: /a, content: x, mode: "999"}]', '"999" is not a valid file mode'],
    ['sysctls: {swappiness: 1}', '"swappiness" is not a valid sysctl key'],
    ['sysctls: {vm.swappiness: [1]}', 'a list is not a valid sysctl value'],
    ['sysctls: {kernel.shmmax: 1.5}', '1.5 is not a valid sysctl value'],
    ['kernelArguments: ["a b"]', '"a b" is not a valid kernel argument'],
    ['kernelArguments: [root=/dev/sda]', '"root=/dev/sda" is not a valid kernel argument'],
    ['kernelArguments: ["x=$(id)"]', 'is not a valid kernel argument'],
  ])('is refused where a role gets %s', (line, expected) => {
    expect(errorsOf(`${smallSpec}common:\n  ${line}\n`)).toContain(expected);
  });

  test.each([
    ['guest: {cpus: 0}', 'guest.cpus must be at least 1, this is the number 0'],
    ['guest: {cpus: 1.5}', '1.5 is not a valid guest.cpus'],
    ['guest: {memory: 2}', 'a whole number with MiB or GiB, such as 2GiB'],
    [
      'common: {files: [{path: /etc/motd, content: "a \\ud83d b"}]}',
      'this text has half of a character, which no file can hold',
    ],
    ['seed: {agents: [{attributes: {slots: "[1-3,9-7]"}}]}', '[1-3,9-7] runs backwards'],
    ['operators: ["-----BEGIN OPENSSH PRIVATE KEY-----"]', 'this is a private key'],
    ['targets: [qcow2, qcow2]', 'qcow2 is listed twice'],
    ['data: {}', 'neither label nor disk'],
    ['data: {label: a, disk: /dev/vdb}', 'both label and disk'],
    ['data: {label: a, format: if-blank}', 'format with label'],
    ['data: {disk: vdb}', '"vdb" is not a valid path of a disk'],
    ['data: {disk: /dev/../etc/passwd}', 'is not a valid path of a disk'],
    ['data: {disk: "/dev/vdb x"}', 'is not a valid path of a disk'],
    ['data: {label: "a longer label than ext4 has"}', 'is not a valid file system label'],
    ['data: {disk: /dev/vdb, format: always}', 'if-blank or never'],
    ['base: {kernel: clud}', 'right: cloud or generic'],
    ['layuot: clusterd', 'did you mean layout?'],
    ['__proto__: 1', 'there is no key __proto__ here'],
    ['constructor: 1', 'there is no key constructor here'],
  ])('is refused with %s', (line, expected) => {
    expect(errorsOf(`${smallSpec}${line}\n`)).toContain(expected);
  });

  test.each([
    ['an empty file', '', '1:1: the file is empty'],
    ['only a comment', '# nothing\n', '1:1: the file is empty'],
    ['a list', '- a\n', '1:1: the file must be a map (key: value), this is a list'],
    ['broken YAML', 'cluster: [a\nmasters: b', '2:1: this is not YAML:'],
    ['a tab as indentation', 'base:\n\tsuite: x', '2:1: a tab indents this line'],
    ['a key twice', `${smallSpec}cluster: other\n`, '7:1: the key cluster is listed twice in this map'],
    ['a second document', `${smallSpec}---\na: 1\n`, '7:1: a second YAML document begins here'],
    ['a tag', smallSpec.replace('demo', '!x demo'), '1:10: the tag !x means nothing here'],
    ['an alias without anchor', 'cluster: *x', '1:1: aliases that cannot be followed'],
    ['an alias of itself', `${smallSpec}common: &a {sysctls: *a}\n`, 'is not a valid sysctl key'],
  ])('is refused: %s', (_, text, expected) => {
    expect(errorsOf(text)).toContain(expected);
  });
});
