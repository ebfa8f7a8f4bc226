import { appendFile, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listShape, promoteShape } from '../../../src/cli/shapes/channel-shapes.ts';
import { rejection } from '../../samples/temporary.ts';
import { type CopiedStore, day, rehearsed, stated, versions, withStore } from './channel-store.ts';

const sign = ['--sign', 'release.pem'];
const key = ['--key', 'release.pub.pem'];
const name = (index: 0 | 1): string => versions[index].version;
const pointer = ({ folder }: CopiedStore, channel = 'candidate'): string =>
  join(folder, 'out', 'channels', `${channel}.dsse.json`);
const numbered = ({ folder }: CopiedStore, number: number, channel = 'candidate'): string =>
  join(folder, 'out', 'channels', channel, `${String(number).padStart(6, '0')}.dsse.json`);

async function read({ ingot }: CopiedStore, ...args: string[]) {
  const { exitCode, out } = await ingot('list', '--json', ...args);
  return { exitCode, ...listShape.parse(JSON.parse(out)) };
}

/** The version that the channel names, or why it must not be used. */
async function candidate(store: CopiedStore): Promise<string | undefined> {
  const { channels, problems } = await read(store, ...key);
  return problems[0] ?? channels.find(({ channel }) => channel === 'candidate')?.versions.slave?.version;
}

describe('a channel', () => {
  test('names what was promoted, for whoever has the key', () =>
    withStore(async (store) => {
      expect((await store.ingot('promote', name(0), 'candidate', ...sign)).exitCode).toBe(0);
      expect(await candidate(store)).toBe(name(0));
      await store.ingot('promote', name(1), 'candidate', ...sign);
      expect(await candidate(store)).toBe(name(1));
      const { exitCode, problems } = await read(store, '--key', 'other.pub.pem');
      expect(exitCode).toBe(1);
      expect(problems[0]).toContain('is not signed by key');
    }));

  test('is refused when an older pointer was put back, also by whoever promotes next', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      await store.ingot('promote', name(1), 'candidate', ...sign);
      expect(await candidate(store)).toBe(name(1));
      // The whole folder as it was before: only what this user has read shows it.
      await copyFile(numbered(store, 1), pointer(store));
      await rm(numbered(store, 2));
      expect(await candidate(store)).toContain('(rolled-back-channel)');
      const error = await rejection(store.ingot('promote', name(0), 'candidate', ...sign));
      expect(error.code).toBe('rolled-back-channel');
      // All of it removed is not a way out either.
      await rm(join(store.folder, 'out', 'channels'), { recursive: true });
      expect(await candidate(store)).toContain('is missing, and number 2 was read before');
    }));

  test('is repaired by the next promotion if only the file of the pointer is old, as after a process that was killed', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      await store.ingot('promote', name(1), 'candidate', ...sign);
      await copyFile(numbered(store, 1), pointer(store));
      expect(await candidate(store)).toContain('the store has number 2');
      await store.ingot('promote', 'candidate', 'candidate', ...sign);
      expect(await candidate(store)).toBe(name(1));
    }));

  test('that is frozen is refused once its pointer has expired; promoting again makes it valid', () =>
    withStore(async (store) => {
      const now = Date.now();
      await store.ingotAt(now, 'promote', name(0), 'candidate', ...sign, '--valid', '7d');
      expect((await store.ingotAt(now + 6 * day, 'list', ...key)).exitCode).toBe(0);
      const late = await store.ingotAt(now + 8 * day, 'list', ...key);
      expect(late).toMatchObject({
        exitCode: 1,
        err: expect.stringContaining('(expired-channel)') as string,
      });
      await store.ingotAt(now + 8 * day, 'promote', 'candidate', 'candidate', ...sign);
      expect((await store.ingotAt(now + 9 * day, 'list', ...key)).exitCode).toBe(0);
    }));

  test('is refused by a machine whose clock is behind, and cannot be promoted there', () =>
    withStore(async (store) => {
      const now = Date.now();
      await store.ingotAt(now, 'promote', name(0), 'candidate', ...sign);
      const behind = await store.ingotAt(now - day, 'list', ...key);
      expect(behind.err).toContain('(host-not-ready)');
      const error = await rejection(store.ingotAt(now - day, 'promote', name(1), 'candidate', ...sign));
      expect(error.code).toBe('host-not-ready');
      expect(await candidate(store)).toBe(name(0));
    }));

  test('changes once when two people promote at once, and the other one gets an error', () =>
    withStore(async (store) => {
      const both = await Promise.allSettled([
        store.ingot('promote', name(0), 'candidate', ...sign),
        store.ingot('promote', name(1), 'candidate', ...sign),
      ]);
      const failed = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      expect(failed).toMatchObject([{ code: 'channel-busy' }]);
      const winner = both[0].status === 'fulfilled' ? name(0) : name(1);
      expect(await candidate(store)).toBe(winner);
    }));

  test('is damaged if its pointer was edited; nothing is promoted over it', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      for (const file of [pointer(store), numbered(store, 1)]) {
        const text = await readFile(file, 'utf8');
        await writeFile(
          file,
          text.replace(/"payload":"(.)/, (_, first: string) => `"payload":"${first === 'A' ? 'B' : 'A'}`),
        );
      }
      expect(await candidate(store)).toContain('(wrong-channel)');
      const error = await rejection(store.ingot('promote', name(1), 'candidate', ...sign));
      expect(error.code).toBe('wrong-channel');
    }));

  test('is signed by a key of those who read it', () =>
    withStore(async ({ ingot }) => {
      const error = await rejection(ingot('promote', name(0), 'candidate', '--sign', 'other.pem', ...key));
      expect(error.code).toBe('wrong-key');
    }));
});

describe('the policy', () => {
  test('refuses a version that was altered in the store, with every flag', () =>
    withStore(async ({ folder, ingot }) => {
      await appendFile(join(folder, 'out', 'slave', name(0), 'vmlinuz'), 'x');
      const flags = ['--allow-unverified', '--allow-stand-ins', '--allow-older'];
      const error = await rejection(ingot('promote', name(0), 'candidate', ...sign, ...flags));
      expect(error).toMatchObject({ code: 'damaged-version', exitCode: 1 });
      expect(error.excerpt.join('\n')).toMatch(/^vmlinuz was altered/m);
    }));

  test('refuses a version without a signature of the key, unless --allow-unverified; one that was altered even then', () =>
    withStore(async (store) => {
      const place = join(store.folder, 'out', 'slave', name(0));
      await rm(join(place, 'SHA256SUMS.dsse'));
      const error = await rejection(store.ingot('promote', name(0), 'candidate', ...sign));
      expect(error.code).toBe('not-promotable');
      expect(error.excerpt).toEqual([
        `slave ${name(0)}: it is not signed (SHA256SUMS.dsse) (allowed by --allow-unverified)`,
      ]);
      await store.ingot('promote', name(0), 'candidate', ...sign, '--allow-unverified');
      expect((await read(store, ...key)).channels[0]?.allowed).toEqual(['unverified']);
      await appendFile(join(place, 'boot.json'), ' ');
      const altered = await rejection(
        store.ingot('promote', name(0), 'candidate', ...sign, '--allow-unverified'),
      );
      expect(altered.code).toBe('damaged-version');
    }));

  test('of stable wants a rehearsal and a feed of vulnerabilities, and names the flag for each', () =>
    withStore(async (store) => {
      const error = await rejection(store.ingot('promote', name(0), 'stable', ...sign));
      expect(error.code).toBe('not-promotable');
      expect(error.excerpt.map((line) => line.replace(/^.*allowed by /, ''))).toEqual([
        '--allow-unrehearsed)',
        '--allow-unchecked-cves)',
      ]);
      await rehearsed(store, versions[0], 'other');
      const byOther = await rejection(
        store.ingot('promote', name(0), 'stable', ...sign, '--allow-unchecked-cves'),
      );
      expect(byOther.excerpt[0]).toContain('is not signed by key');
      await rehearsed(store, versions[0]);
      const drills = await rejection(
        store.ingot(
          'promote',
          name(0),
          'stable',
          ...sign,
          '--allow-unchecked-cves',
          '--rehearsed',
          'rise,drift',
        ),
      );
      expect(drills.excerpt[0]).toContain('these drills passed: drift');
      await store.ingot('promote', name(0), 'stable', ...sign, '--allow-unchecked-cves');
      expect((await read(store, ...key)).channels[0]).toMatchObject({
        channel: 'stable',
        allowed: ['unchecked-cves'],
      });
    }));

  test('refuses a vulnerability above the severity, with its fix; one that was accepted is recorded', () =>
    withStore(async (store) => {
      await rehearsed(store, versions[0]);
      const releases = { bookworm: { status: 'resolved', fixed_version: '3.0.2-1', urgency: 'high' } };
      await writeFile(
        join(store.folder, 'feed.json'),
        JSON.stringify({ openssl: { 'CVE-2026-1': { releases } } }),
      );
      const promote = (...more: string[]) =>
        store.ingot('promote', name(0), 'stable', ...sign, '--feed', 'feed.json', ...more);
      const error = await rejection(promote());
      expect(error.excerpt).toEqual([
        `slave ${name(0)}: CVE-2026-1 (high) in openssl 3.0.1-1, fixed in 3.0.2-1`,
      ]);
      expect((await promote('--max-severity', 'high')).exitCode).toBe(0);
      expect((await promote('--accept-cve', 'CVE-2026-1,CVE-2026-2')).exitCode).toBe(0);
      expect((await read(store, ...key)).channels[0]?.allowed).toEqual(['CVE-2026-1']);
    }));

  test('lets a vulnerability pass that the signed statements of the version say it does not have, and names it', () =>
    withStore(async (store) => {
      const place = join(store.folder, 'out', 'slave', name(0));
      const feed = {
        openssl: { 'CVE-2026-1': { releases: { bookworm: { status: 'open', urgency: 'high' } } } },
      };
      await writeFile(join(store.folder, 'feed.json'), JSON.stringify(feed));
      await stated(place);
      const promote = (...more: string[]) =>
        store.ingot('promote', name(0), 'candidate', ...sign, '--feed', 'feed.json', ...more);
      const { out } = await promote();
      expect(out).toContain('CVE-2026-1 (high) in openssl 3.0.1-1 does not stop it: component_not_present');
      expect(out).toContain('the package x is not in the root');
      expect((await read(store, ...key)).channels[0]?.allowed).toEqual([]);
      const { versions: judged } = promoteShape.parse(JSON.parse((await promote('--json')).out));
      expect(judged[0]?.vulnerabilities[0]?.notAffected?.justification).toBe('component_not_present');
      // What nobody signed must not say that a version has no vulnerabilities.
      await rm(join(place, 'SHA256SUMS.dsse'));
      const error = await rejection(promote('--allow-unverified'));
      expect(error.excerpt).toEqual([
        expect.stringMatching(
          /CVE-2026-1 .*vex\.openvex\.json was not used, because the version is not signed/,
        ),
      ]);
    }));

  test('a file that is not a feed, or that says nothing about the release, is an error and not a clean result', () =>
    withStore(async (store) => {
      await rehearsed(store, versions[0]);
      const other = {
        openssl: { 'CVE-2026-1': { releases: { trixie: { status: 'open', urgency: 'high' } } } },
      };
      for (const text of ['{}', 'x', '[]', JSON.stringify(other)]) {
        await writeFile(join(store.folder, 'feed.json'), text);
        const error = await rejection(
          store.ingot('promote', name(0), 'stable', ...sign, '--feed', 'feed.json'),
        );
        expect(error).toMatchObject({ code: 'wrong-feed', exitCode: 2 });
      }
    }));
});

describe('a revoked version', () => {
  test('is promoted nowhere, and a channel that names it must not be used', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(0), 'candidate', ...sign);
      const { err } = await store.ingot('revoke', name(0), '--why', 'the agent leaks', ...sign);
      expect(err).toContain('candidate still names it');
      expect(await candidate(store)).toContain('was revoked: the agent leaks (revoked-version)');
      const error = await rejection(store.ingot('promote', name(0), 'candidate', ...sign));
      expect(error.excerpt[0]).toMatch(/it was revoked on .*: the agent leaks$/);
      const stable = await rejection(store.ingot('promote', name(0), 'stable', ...sign));
      expect(stable.hint).toMatch(/^promote another version: .*--allow-unrehearsed.* would not allow/);
      expect((await rejection(store.ingot('show', name(0), ...key))).code).toBe('revoked-version');
      await store.ingot('promote', name(1), 'candidate', ...sign);
      expect(await candidate(store)).toBe(name(1));
    }));

  test('stays so when the list is removed or put back: the channels name its number', () =>
    withStore(async (store) => {
      await store.ingot('promote', name(1), 'candidate', ...sign);
      await store.ingot('revoke', name(0), '--why', 'the agent leaks', ...sign);
      await rm(pointer(store, 'revoked'));
      await rm(join(store.folder, 'out', 'channels', 'revoked'), { recursive: true });
      // A reader that has never seen the list.
      await rm(join(store.folder, 'state'), { recursive: true });
      const { problems, exitCode } = await read(store, ...key);
      expect(exitCode).toBe(1);
      expect(problems[0]).toContain('(rolled-back-channel)');
      const error = await rejection(store.ingot('promote', name(0), 'candidate', ...sign));
      expect(error.code).toBe('rolled-back-channel');
    }));

  test('needs a reason in one line and the name of a version', () =>
    withStore(async ({ ingot }) => {
      expect((await ingot('revoke', name(0), '--why', 'two\nlines', ...sign)).exitCode).toBe(2);
      expect((await rejection(ingot('revoke', 'candidate', '--why', 'x', ...sign))).code).toBe('wrong-usage');
      expect((await rejection(ingot('revoke', '20200101-aaaaaaaaaaaa', '--why', 'x', ...sign))).code).toBe(
        'no-image',
      );
    }));
});

test('a memory that is damaged is an error, because an older pointer would be accepted without it', () =>
  withStore(async (store) => {
    await store.ingot('promote', name(0), 'candidate', ...sign);
    const folder = join(store.folder, 'state', 'channels');
    for (const file of await readdir(folder)) await writeFile(join(folder, file), '{');
    expect(await candidate(store)).toContain('(unusable-folder)');
  }));
