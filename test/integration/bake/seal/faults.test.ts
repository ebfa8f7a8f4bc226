import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../../../src/bake/seal/root-audit.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';
import { host, sealSmallTree, smallTree } from './small-tree.ts';

/** Seals a small tree in which the script was run, which must be refused; returns the excerpt of the error. */
async function faultsOf(
  script: string,
  options: Parameters<typeof sealSmallTree>[2] = {},
): Promise<readonly string[]> {
  const folder = await temporaryFolder();
  const tree = await smallTree(folder, 'tree', script);
  const error = await rejection(sealSmallTree(tree, join(folder, 'out'), options));
  return error.excerpt.length > 0 ? error.excerpt : [error.message];
}

const key = (type: string, file: string) => `ssh-keygen -q ${type} -N '' -f ${file}; rm ${file}.pub`;
const passwd = "printf 'root:x:0:0::/root:/bin/sh\\nops:x:990:990::/:/bin/sh\\n' > etc/passwd";
const group = "printf 'root:x:0:\\nops:x:990:\\n' > etc/group";

describe('a root is refused, and the path is named, if it contains', () => {
  test.each([
    ['a private key in OpenSSH format', key('-t ed25519', 'etc/x'), '/etc/x: a private key'],
    [
      'a key in PEM, anywhere',
      `mkdir -p opt/a; ${key('-t ecdsa -m PEM', 'opt/a/b')}`,
      '/opt/a/b: a private key',
    ],
    [
      'a key in PKCS#8',
      `mkdir -p usr/share/x; openssl genpkey -algorithm ed25519 -out usr/share/x/k`,
      '/usr/share/x/k: a private key',
    ],
    [
      'a key in DER',
      'openssl genpkey -algorithm ed25519 -outform DER -out usr/k.der',
      '/usr/k.der: a private key',
    ],
    [
      'a key in a large file',
      `${key('-t ed25519', 'k')}; (head -c 262130 /dev/zero; cat k; head -c 99999 /dev/zero) > usr/blob; rm k`,
      '/usr/blob: a private key',
    ],
    [
      'a key in a JSON string',
      `${key('-t ecdsa -m PEM', 'k')}; (printf '{"private_key": "'; sed 's/$/\\\\n/' k | tr -d '\\n'; echo '"}') > srv.json; rm k`,
      '/srv.json: a private key',
    ],
    ['an age key', `printf 'AGE-SECRET-KEY-1%058d\\n' 0 > root/a`, '/root/a: a private key'],
    [
      'a login key',
      'mkdir -p opt/ops; echo ssh-rsa > opt/ops/authorized_keys',
      '/opt/ops/authorized_keys: a login key',
    ],
    [
      'an AWS key',
      'mkdir -p root/.aws; echo "aws_access_key_id = AKIAQQQQQQQQQQQQQQQQ" > root/.aws/credentials',
      '/root/.aws/credentials: an AWS key',
    ],
    [
      'a registry login',
      `mkdir -p root/.docker; echo '{"auths":{"r.example":{"auth":"dXNlcjpwYXNz"}}}' > root/.docker/config.json`,
      '/root/.docker/config.json: a Docker registry login',
    ],
    ['a password in .netrc', 'echo "machine a login b password c" > root/.netrc', '/root/.netrc: a password'],
    [
      'a password in a URL',
      'echo "proxy=http://joe:hunter2@proxy:3128" > etc/proxy',
      '/etc/proxy: a password in a URL',
    ],
    [
      'a credential of an agent',
      `mkdir -p etc/mesos-slave; echo '{"principal":"a","secret":"b"}' > etc/mesos-slave/credential`,
      '/etc/mesos-slave/credential: a Mesos principal with its secret',
    ],
    [
      'a password hash',
      `mkdir -p etc/nginx; echo 'joe:$apr1$abcdefgh$0123456789012345678901' > etc/nginx/htpasswd`,
      '/etc/nginx/htpasswd: a password hash',
    ],
    [
      'a password in shadow',
      "echo 'ops:$y$x:1::::::' >> etc/shadow",
      '/etc/shadow: ops can log in with a password',
    ],
    [
      'an account without a password',
      `${passwd}; echo 'joe::1000:1000::/:/bin/sh' >> etc/passwd`,
      '/etc/passwd: joe can log in without a password',
    ],
    [
      'a second root',
      `${passwd}; echo 'toor:x:0:0::/:/bin/sh' >> etc/passwd`,
      '/etc/passwd: toor has the number 0 of root',
    ],
    [
      'two users with one number',
      `${passwd}; echo 'joe:x:990:990::/:/bin/sh' >> etc/passwd`,
      '/etc/passwd: ops and joe have the same number 990',
    ],
    [
      'a user whose number differs from the fixed one',
      `${passwd}; ${group}; mkdir -p usr/lib/sysusers.d; echo 'u ops 991 "Operator"' > usr/lib/sysusers.d/x.conf`,
      '/etc/passwd: ops must have the number 991 (sysusers.d), and it has 990',
    ],
    [
      'no user with a fixed number',
      `${passwd}; ${group}; mkdir -p usr/lib/sysusers.d; echo 'u zoo 989:990 -' > usr/lib/sysusers.d/x.conf`,
      '/etc/passwd: zoo must have the number 989 (sysusers.d), and it is not there',
    ],
    [
      'a set-user-ID program outside of /usr',
      'mkdir -p "opt/My App"; echo x > "opt/My App/x"; chmod 4711 "opt/My App/x"',
      '/opt/My App/x: set-user-id or set-group-id (4711 0:0), and is not in /usr/lib/ingot/setuid-allowed',
    ],
    [
      'a set-group-ID program',
      'echo x > srv.bin; chmod 2755 srv.bin',
      '/srv.bin: set-user-id or set-group-id (2755 0:0), and is not in /usr/lib/ingot/setuid-allowed',
    ],
    [
      'file capabilities',
      'echo x > usr/bin/x; setcap cap_sys_admin+ep usr/bin/x',
      '/usr/bin/x: has file capabilities, and is not in /usr/lib/ingot/setuid-allowed',
    ],
    ['a device outside of /dev', 'mknod a/mem c 1 1', '/a/mem: a device outside of /dev'],
    [
      "an attribute of a node's overlay",
      'setfattr -n trusted.overlay.opaque -v y a/c',
      "/a/c: the attribute trusted.overlay.opaque, with which a node's overlay would misread it",
    ],
  ])('%s', async (_, script, fault) => {
    expect(await faultsOf(script)).toContain(fault);
  });

  test('an access-control list, if without it the group would have the permissions of a single user', async () => {
    // user::rw- user:33:rw- group::--- mask::rw- other::---, whose mode is shown as 0660
    const value = [
      '0x02000000',
      '01000600ffffffff',
      '0200060021000000',
      '04000000ffffffff',
      '10000600ffffffff',
      '20000000ffffffff',
    ].join('');
    const faults = await faultsOf(
      `setfattr -n system.posix_acl_access -v ${value} a-b; [ "$(stat -c %a a-b)" = 660 ]`,
    );
    expect(faults).toEqual([
      '/a-b: an access-control list, which a squashfs cannot hold: without it somebody could do more with the file than now',
    ]);
  });

  test('a name with a line break, or one that is not UTF-8; its package is named', async () => {
    expect(await faultsOf('touch "a/new\nline"')).toEqual([
      'In /a/ of the image there is a name that has control characters: new\\nline.',
    ]);
    const owned = `mkdir -p var/lib/dpkg/info; touch "a/c/$(printf 'caf\\351')"; printf '/a\\n/a/c/caf\\351\\n' > var/lib/dpkg/info/odd:amd64.list`;
    expect(await faultsOf(owned)).toEqual([
      'In /a/c/ of the image there is a name that is not UTF-8: café, of the package odd.',
    ]);
  });
});

describe('text that only looks like a secret is accepted:', () => {
  test('headings without a key, examples, placeholders, and what images/residue.yaml names', async () => {
    const folder = await temporaryFolder();
    const tree = await smallTree(
      folder,
      'tree',
      `mkdir -p usr/lib/x86_64-linux-gnu; ssh-keygen -q -t ecdsa -m PEM -N '' -f k; mv k usr/lib/x86_64-linux-gnu/libgnutls.so.30.1; rm k.pub
      echo 'if line == "-----BEGIN RSA PRIVATE KEY-----":' > usr/x.py
      printf -- '-----BEGIN RSA PRIVATE KEY-----\\nMIIBxwIBAAJhAKD0YSHy73nUgysO13XsJmd4fHiFyQ+00R7VVu2iV9Qco\\n...\\n-----END RSA PRIVATE KEY-----\\n' > etc/doc
      echo '# http_proxy=http://user:password@proxy' > etc/p; echo AKIAIOSFODNN7EXAMPLE > etc/aws; echo '# machine' > etc/netrc`,
    );
    await sealSmallTree(tree, join(folder, 'out'));
  });
});

describe('keys of the build', () => {
  test('are removed where a rule says that packages generate them, and this is reported', async () => {
    const folder = await temporaryFolder();
    const tree = await smallTree(folder, 'tree', key('-t ed25519', 'etc/ssh/ssh_host_ed25519_key'));
    const removed: string[] = [];
    await sealSmallTree(tree, join(folder, 'out'), {
      onRemoved: (keys) => removed.push(...keys.map(({ path, what }) => `${path}: ${what}`)),
    });
    const audit = JSON.parse(await readFile(join(folder, 'out/audit.json'), 'utf8')) as AuditRecord;
    expect(removed).toEqual(['/etc/ssh/ssh_host_ed25519_key: a private key']);
    expect(audit.removedKeys.map(({ path }) => path)).toEqual(['/etc/ssh/ssh_host_ed25519_key']);
    await expect(stat(join(tree, 'etc/ssh/ssh_host_ed25519_key'))).rejects.toThrow('ENOENT');
  });

  test('stop the seal anywhere else where residue is removed, before it is removed', async () => {
    expect(await faultsOf(key('-t ed25519', 'tmp/k'))).toEqual([
      '/tmp/k: a private key, which would be removed as residue (transient)',
    ]);
  });
});

describe('the files of the spec must be unchanged in the finished root, or the seal stops:', () => {
  const file = { path: '/etc/app/x', mode: '0640', content: 'mine\n' };
  const put = (more: string) => `mkdir -p etc/app; echo mine > etc/app/x; chmod 640 etc/app/x; ${more}`;

  test('unchanged', async () => {
    const folder = await temporaryFolder();
    const tree = await smallTree(folder, 'tree', `${put(':')}; ln -s etc/app app`);
    await sealSmallTree(tree, join(folder, 'out'), { files: [file, { ...file, path: '/app/x' }] });
  });

  test.each([
    ['removed', 'rm etc/app/x', 'is missing'],
    ['changed', 'echo other > etc/app/x', 'has different content'],
    ['of another mode', 'chmod 600 etc/app/x', 'has the mode 0600, not 0640'],
    ['of another owner', 'chown 5:6 etc/app/x', 'belongs to 5:6, not to root'],
    ['a link', 'rm etc/app/x; ln -s y etc/app/x', 'became a symlink'],
  ])('%s', async (_, script, what) => {
    expect(await faultsOf(put(script), { files: [file] })).toEqual([
      `/etc/app/x: the spec's file ${what}; compose.d of images/ or a package's script did that when the tree was composed`,
    ]);
  });

  test('removed as residue; the rule is named', async () => {
    const files = [{ path: '/var/log/app/log', mode: '0644', content: '' }];
    expect(await faultsOf('mkdir var/log/app; touch var/log/app/log', { files })).toEqual([
      expect.stringMatching(
        /^\/var\/log\/app\/log: the spec's file is missing; images\/residue.yaml names \/var\/log\/\*\*: /,
      ),
    ]);
  });

  test('changed by a step', async () => {
    const folder = await temporaryFolder();
    const tree = await smallTree(folder, 'tree', put(':'));
    await mkdir(join(folder, 'upper/etc/app'), { recursive: true });
    await host.run(
      'sh',
      ['-euc', 'echo step > upper/etc/app/x; tar -cf disk --format=pax --numeric-owner -C upper .'],
      { cwd: folder },
    );
    const error = await rejection(
      sealSmallTree(tree, join(folder, 'out'), { files: [file], changesDisk: join(folder, 'disk') }),
    );
    expect(error.excerpt).toEqual([
      "/etc/app/x: the spec's file has the mode 0644, not 0640 and has different content; a step of images/ changed it (changes.json)",
    ]);
    expect(error.hint).toMatch(/where nothing changes it/);
  });
});

describe('a finished root', () => {
  test('has every mode and owner of the tree: sticky, set-ID, no permissions at all', async () => {
    const folder = await temporaryFolder();
    const modes = ['0000', '0111', '1777', '2775', '3750', '0706'];
    const tree = await smallTree(
      folder,
      'tree',
      `for m in ${modes.join(' ')}; do mkdir a/$m; chown $m:7 a/$m; chmod $m a/$m; done; touch a/f; chmod 1640 a/f`,
    );
    const root = await sealSmallTree(tree, join(folder, 'out'));
    const list = 'find . -printf "%P %y %m %U:%G %s %l\\n" | sed "/ d /s/ [0-9]* *$//" | sort';
    await host.run('unsquashfs', ['-quiet', '-no-progress', '-dest', join(folder, 'back'), root.squashfs]);
    const [before, after] = await Promise.all(
      [tree, join(folder, 'back')].map((cwd) => host.run('sh', ['-c', list], { cwd })),
    );
    expect(after?.stdout).toBe(before?.stdout);
    expect(after?.stdout).toContain('a/3750 d 3750 3750:7');
  });

  test('comes with a list of the files that give privileges beyond those of their user', async () => {
    const folder = await temporaryFolder();
    await sealSmallTree(await smallTree(folder, 'tree'), join(folder, 'out'));
    const audit = JSON.parse(await readFile(join(folder, 'out/audit.json'), 'utf8')) as AuditRecord;
    expect(audit.privileges.map(({ path, mode, why }) => [path, mode, why])).toEqual([
      ['/usr/bin/ping', '0644', 'opens raw sockets'],
      ['/usr/bin/same', '4755', ''],
      ['/usr/bin/tool', '4755', ''],
    ]);
    expect(audit.privileges[0]?.capability).toMatch(/^0100000200200000/);
  });
});
