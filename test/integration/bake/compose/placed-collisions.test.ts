import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkPlacedFiles } from '../../../../src/bake/compose/placed-collisions.ts';
import { rejection, temporaryFolder } from '../../../samples/temporary.ts';

const file = (path: string, line: number) => ({
  ...{ path, mode: '0644', content: 'x', said: `cluster.yaml:${line}:15` },
});

async function packages(): Promise<string> {
  const tree = await temporaryFolder();
  await mkdir(join(tree, 'etc/ssl/certs'), { recursive: true });
  await mkdir(join(tree, 'usr/lib/ssl'), { recursive: true });
  await symlink('/etc/ssl/certs', join(tree, 'usr/lib/ssl/certs'));
  await symlink('../run/systemd/stub.conf', join(tree, 'etc/linked.conf'));
  await writeFile(join(tree, 'etc/environment'), '');
  return tree;
}

test('all files of a spec that collide with packages are named, with their places and the right form', async () => {
  const files = [
    file('/etc/ssl', 7),
    file('/etc/environment/x', 8),
    file('/usr/lib/ssl/certs/site.pem', 9),
    file('/etc/ssl/site.pem', 10),
  ];
  const error = await rejection(checkPlacedFiles(await packages(), files));
  expect(error).toMatchObject({ code: 'wrong-spec' });
  expect(error.message).toBe(`files of the spec collide with those of the packages:
  cluster.yaml:7:15: /etc/ssl is a folder of the packages; right: a file in it, such as /etc/ssl/NAME
  cluster.yaml:8:15: /etc/environment/x is below /etc/environment, which is a file of the packages; right: another path
  cluster.yaml:9:15: /usr/lib/ssl/certs/site.pem is below /usr/lib/ssl/certs, which the packages link to /etc/ssl/certs; right: /etc/ssl/certs/site.pem`);
});

test('a file may be new, below new folders, or replace a file or a link', async () => {
  const paths = ['/etc/environment', '/etc/linked.conf', '/opt/a/b/c', '/etc/ssl/certs/site.pem'];
  await checkPlacedFiles(
    await packages(),
    paths.map((path) => file(path, 1)),
  );
});
