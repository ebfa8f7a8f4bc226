import { expect, test } from 'vitest';
import { numberHint, userDifferences } from '../../../../src/bake/compose/compare-users.ts';
import { parseSysusers } from '../../../../src/bake/compose/fixed-users.ts';

const users = parseSysusers(
  '# numbers\nu ops 990 "Operator" /home/ops /bin/bash\nu zookeeper 989 "ZooKeeper" /var/lib/zookeeper /usr/sbin/nologin\nm ops adm\nu free - "Any" / /bin/false\n',
);
const good = 'root:x:0:0::/root:/bin/sh\nops:x:990:990::/:/bin/sh\nzookeeper:x:989:989::/:/bin/sh\n';
const groups = 'root:x:0:\nops:x:990:\nzookeeper:x:989:\n';
const lines = (passwd: string, group = groups) => userDifferences(passwd, group, users).lines;

test('only users with a given number are fixed', () => {
  expect(users.map(({ name, number }) => [name, number])).toEqual([
    ['ops', 990],
    ['zookeeper', 989],
  ]);
});

test('users as they should be are not a difference', () => {
  expect(lines(good)).toEqual([]);
});

test.each<[string, string, string, string]>([
  [
    'another user has the number',
    good.replace('ops', 'vendor'),
    groups,
    'the user vendor has the number 990, which ingot needs for ops (Operator)',
  ],
  [
    'the number has a second name',
    `${good}toor:x:990:0::/:/bin/sh\n`,
    groups,
    'the user toor has the number 990, which ingot needs for ops (Operator)',
  ],
  [
    'the user has another number',
    good.replace('990:990', '991:990'),
    groups,
    'the user ops has the number 991; ingot needs it to be 990 (Operator)',
  ],
  [
    'the group has another number',
    good,
    groups.replace('989', '1989'),
    'the group zookeeper has the number 1989; ingot needs it to be 989 (ZooKeeper)',
  ],
  [
    'the user does not exist',
    good.replace(/^ops.*\n/m, ''),
    groups,
    'there is no user ops, which has the number 990',
  ],
  [
    'two others share a number',
    `${good}a:x:5:5::/:/bin/sh\nb:x:5:5::/:/bin/sh\n`,
    groups,
    'the users a and b share the number 5',
  ],
  [
    'a second user with the number 0',
    `${good}toor:x:0:0::/:/bin/sh\n`,
    groups,
    'the users root and toor share the number 0',
  ],
])('%s: this is reported', (_, passwd, group, line) => {
  expect(lines(passwd, group)).toEqual([line]);
});

test('a user that does not exist yet may be missing, but nobody else may have its number', () => {
  const [ops, zookeeper] = users;
  if (ops === undefined || zookeeper === undefined) throw new Error('no users');
  const none = 'root:x:0:0::/root:/bin/sh\nops:x:990:990::/:/bin/sh\n';
  expect(userDifferences(none, 'ops:x:990:\n', [ops], [zookeeper]).lines).toEqual([]);
  expect(userDifferences(`${none}v:x:989:1::/:/bin/sh\n`, 'ops:x:990:\n', [ops], [zookeeper]).lines).toEqual([
    'the user v has the number 989, which ingot needs for zookeeper (ZooKeeper)',
  ]);
});

test('a package’s message about a number that is taken is explained, and no others', () => {
  expect(numberHint(['useradd: UID 990 is not unique'], users)).toHaveLength(1);
  expect(numberHint(['licence not accepted', 'port 990 is closed'], users)).toEqual([]);
});
