import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readGuestRecord, writeGuestRecord } from '../../../src/vm/guest-record.ts';
import { sessionCommand } from '../../../src/vm/ssh-session.ts';
import { temporaryFolder } from '../../samples/temporary.ts';

const target = { port: 2565, user: 'root', keyFile: '/runs/x/work/bake-key' };

test('a guest is found by its role, only by the owner of the run', async () => {
  const work = await temporaryFolder();
  expect(await readGuestRecord(work, 'master')).toBeUndefined();
  await writeGuestRecord(work, 'master', { what: 'build guest', target });
  expect(await readGuestRecord(work, 'master')).toEqual({ what: 'build guest', target });
  expect(await readGuestRecord(work, 'slave')).toBeUndefined();
  expect((await stat(join(work, 'guests', 'master.json'))).mode & 0o777).toBe(0o600);
});

test('a session uses the key of the guest, its port, and a terminal only where we have one', () => {
  const { program, args } = sessionCommand(target, true);
  expect(program).toBe('ssh');
  expect(args[0]).toBe('-t');
  expect(args.join(' ')).toContain('-p 2565 root@127.0.0.1');
  expect(args.join(' ')).toContain('IdentityFile=');
  expect(sessionCommand(target, false).args[0]).toBe('-T');
});

test('a session enters the network of its guest, where nobody else can answer', () => {
  const { program, args } = sessionCommand({ ...target, networkOf: 4711 }, false);
  expect(program).toBe('nsenter');
  expect(args.slice(0, 1)).toEqual(['--target=4711']);
  expect(args).toContain('ssh');
});
