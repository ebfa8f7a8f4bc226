import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChannelPointer, pointerType } from '../../../../src/channel/channel-pointer.ts';
import { type Revocation, revocationsType } from '../../../../src/channel/revocation-list.ts';
import { signedText } from '../../../../src/channel/signed-text.ts';
import { keySigner } from '../../../../src/version/signer.ts';
import { signingKey } from '../../../samples/signed-version.ts';
import { temporaryFolder } from '../../../samples/temporary.ts';
import { makeVersion, next, running, UpdateNode } from './update-node.ts';

const [key, other] = [signingKey(), signingKey()];
const signer = keySigner(key.privateKey);
const hour = 3_600_000;
const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

let node: UpdateNode;
let store = '';
beforeEach(async () => {
  node = new UpdateNode(key);
  store = await temporaryFolder();
  mkdirSync(join(store, 'channels'));
  await makeVersion(join(store, 'slave'), { key });
});
afterEach(() => {
  node.tree.remove();
});

const revocation: Revocation = {
  ...{ role: 'slave', version: next, rootHash: 'b'.repeat(64) },
  ...{ why: 'the agent leaks', on: '2026-11-25T08:00:00.000Z' },
};

async function revoke(counter: number, revoked: readonly Revocation[], by = signer): Promise<void> {
  const list = { schema: 1, counter, issuedOn: at(0), revoked };
  writeFileSync(join(store, 'channels', 'revoked.dsse.json'), await signedText(list, revocationsType, by));
}

async function point(changed: Partial<ChannelPointer> = {}): Promise<void> {
  const pointer = {
    ...{ schema: 1, channel: 'stable', counter: 1, cluster: 'demo', revocations: 0, allowed: [] },
    ...{ issuedOn: at(-hour), expiresOn: at(hour) },
    versions: { slave: { version: next, rootHash: 'a'.repeat(64) } },
    ...changed,
  };
  writeFileSync(join(store, 'channels', 'stable.dsse.json'), await signedText(pointer, pointerType, signer));
}

const version = (): string => join(store, 'slave', next);
const byChannel = () => node.update('--channel', 'stable', store);

async function refused(run: ReturnType<UpdateNode['update']>, why: RegExp): Promise<void> {
  const { exitCode, stderr } = await run;
  expect(stderr).toMatch(why);
  expect(exitCode).toBe(1);
  expect(node.slot('b')).toEqual({});
}

describe('a revoked version', () => {
  it('is refused with the reason, also from a copy without the list once the node has read it', async () => {
    await revoke(1, [revocation]);
    await refused(node.update(version()), /was revoked on 2026-11-25T08:00:00.000Z: the agent leaks/);
    rmSync(join(store, 'channels'), { recursive: true });
    await refused(node.update(version()), /was revoked on/);
  });

  it('is accepted if another one is on the list, or there is none', async () => {
    await revoke(1, [{ ...revocation, version: '20261101-cccccccccccc' }]);
    expect((await node.update(version())).exitCode).toBe(0);
  });

  it('on a list that no key of the image signed stops the update: the list of the store cannot be trusted', async () => {
    await revoke(1, [], keySigner(other.privateKey));
    await refused(node.update(version()), /revoked.dsse.json is signed with another key/);
  });

  it('that runs is reported by ingot-update --revoked and in its status', async () => {
    await revoke(1, [{ ...revocation, version: running }]);
    const { exitCode, stderr } = await node.update('--revoked', store);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${running} was revoked on 2026-11-25T08:00:00.000Z: the agent leaks`);
    const status = await node.update('--status', '--json');
    expect(JSON.parse(status.stdout)).toMatchObject({ revoked: { why: 'the agent leaks' } });
    expect((await node.update('--status')).stdout).toContain('REVOKED');
  });
});

describe('ingot-update --channel', () => {
  it('takes the version that the channel names', async () => {
    await point();
    const { exitCode, stderr } = await byChannel();
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`stable of ${store} names ${next}`);
    expect(node.chosen()['ingot_try']).toBe('b');
  });

  it('refuses an older pointer after a newer one, and another one with the same number', async () => {
    await point({ counter: 5, versions: {} });
    await refused(byChannel(), /names no slave/);
    await point({ counter: 4 });
    await refused(byChannel(), /has the number 4, but number 5 was read before/);
    await point({ counter: 5 });
    await refused(byChannel(), /so had another pointer/);
    await point({ counter: 6 });
    expect((await byChannel()).exitCode).toBe(0);
  });

  it('refuses a frozen pointer, and one from the future', async () => {
    await point({ expiresOn: at(-1000) });
    await refused(byChannel(), /expired at/);
    await point({ issuedOn: at(hour) });
    await refused(byChannel(), /which is in the future/);
  });

  it('refuses a list of revoked versions that is older than the pointer says', async () => {
    await revoke(1, []);
    await point({ revocations: 2 });
    await refused(byChannel(), /has number 1 of its list of revoked versions/);
    rmSync(join(store, 'channels', 'revoked.dsse.json'));
    await refused(byChannel(), /has no list of revoked versions/);
  });

  it('finds the version where ingot publish has put it, and knows its revoked versions', async () => {
    const path = `slave/0123456789abcdef/${next}`;
    mkdirSync(dirname(join(store, path)));
    renameSync(version(), join(store, path));
    const locator = join(store, 'slave', `${next}.json`);
    writeFileSync(locator, JSON.stringify({ path: `../slave/${next}` }));
    await point();
    await refused(byChannel(), /is not what ingot publish wrote/);
    writeFileSync(locator, JSON.stringify({ schema: 1, path }));
    await revoke(1, [revocation]);
    await refused(byChannel(), /was revoked on/);
    rmSync(join(node.tree.folder, 'var/lib/ingot/state/update/revoked.json'));
    await revoke(1, []);
    expect((await byChannel()).exitCode).toBe(0);
  });

  it('refuses another version in the place of the one that the channel names', async () => {
    await point({ versions: { slave: { version: '20261130-dddddddddddd', rootHash: 'a'.repeat(64) } } });
    renameSync(version(), join(dirname(version()), '20261130-dddddddddddd'));
    await refused(byChannel(), /holds 20261124-bbbbbbbbbbbb, but 20261130-dddddddddddd was requested/);
  });
});
