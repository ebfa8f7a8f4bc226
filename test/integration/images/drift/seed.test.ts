import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Line, lookAt, makeGolden, says, type Seen } from './look-at-nodes.ts';

const key = `ssh-ed25519 ${'AAAAC3NzaC1lZDI1NTE5AAAAIGV2aWwv'.padEnd(68, 'e')} intruder`;
const [seed, keys, cluster] = [
  '/run/ingot/user-data',
  '/home/ops/.ssh/authorized_keys',
  '/etc/ingot/cluster.json',
];
const copy = 'var/lib/cloud/instance/user-data.txt';
const addKey = `echo '${key}' >>home/ops/.ssh/authorized_keys`;
const asComment = `sed -i '$i # ${key}' run/ingot/user-data`;
/** Simulates an image without seed keys. */
const noKeys = 'mount -t tmpfs tmpfs run/ingot/lower/usr/lib/ingot/seed-keys';
const anotherForm = `sed -i 's/^users:/users: # of the site/' run/ingot/user-data`;
const signedAgain = 'sed -i "\\$d" run/ingot/user-data';

const nodes = [
  { name: 'golden', plant: ':' },
  { name: 'key and comment', plant: `${addKey}; ${asComment}` },
  { name: 'comment only', plant: asComment },
  { name: 'no signature', plant: signedAgain },
  { name: 'another cluster', plant: `sed -i s/rack/rock/ run/ingot/user-data etc/ingot/cluster.json` },
  {
    name: 'another key signed it',
    plant: `${signedAgain}; openssl genpkey -algorithm ed25519 -out run/k.pem; SIGN_SEED run/k.pem run/ingot/user-data`,
  },
  { name: 'no copy', plant: 'rm run/ingot/user-data' },
  { name: 'two texts', plant: `mkdir -p var/lib/cloud/instance; echo x >${copy}` },
  {
    name: 'the same text twice',
    plant: `mkdir -p var/lib/cloud/instance; cp run/ingot/user-data ${copy}`,
  },
  {
    name: "only cloud-init's copy",
    plant: `mkdir -p var/lib/cloud/instances/i; ln -s /var/lib/cloud/instances/i var/lib/cloud/instance; mv run/ingot/user-data ${copy.replace('instance', 'instances/i')}`,
  },
  { name: 'keyless', plant: noKeys },
  { name: 'keyless, key and comment', plant: `${noKeys}; ${addKey}; ${asComment}` },
  {
    name: 'keyless, key in both',
    plant: `${noKeys}; ${addKey}; sed -i 's/^      - .*/&\\n      - "${key}"/' run/ingot/user-data`,
  },
  { name: 'keyless, another form', plant: `${noKeys}; ${anotherForm}` },
  { name: 'deleted keys', plant: 'rm home/ops/.ssh/authorized_keys' },
  {
    name: 'another name server',
    plant: "sed -i 's/DHCP=no/&\\nDNS=10.6.6.6/' etc/systemd/network/10-cloud-init-cluster0.network",
  },
  {
    name: 'an additional network',
    plant:
      'cp etc/systemd/network/10-cloud-init-cluster0.network etc/systemd/network/10-cloud-init-x.network',
  },
  {
    name: 'an additional drop-in',
    plant:
      'mkdir etc/systemd/network/10-cloud-init-cluster0.network.d; echo "[Network]" >etc/systemd/network/10-cloud-init-cluster0.network.d/20-ingot.conf',
  },
  { name: 'no network', plant: 'rm etc/systemd/network/10-cloud-init-cluster0.network' },
  {
    name: 'a network that is not computed',
    plant: `echo '{"version": 1, "config": []}' >run/ingot/network-config.json`,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'ingot-seed-'));
let seen: Map<string, Seen>;
const of = (name: string): Seen => {
  const one = seen.get(name);
  if (one === undefined) throw new Error(`no node ${name}`);
  return one;
};
const drifts = (name: string): string[] => (of(name).lines.slice(1) as Line[]).map(says);
const digest = (name: string): string => of(name).lines[0].digest;

beforeAll(async () => {
  await makeGolden(join(folder, 'golden'));
  seen = await lookAt(nodes, join(folder, 'golden'));
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a seed that the image can verify', () => {
  it('is named in the head, with the key that signed it', () => {
    expect(of('golden').lines[0].seed).toMatchObject({ signedBy: 'site' });
    expect(of('golden').exit).toBe(0);
  });

  it('does not give keys that are only in a comment: critical drift, and another digest', () => {
    expect(of('key and comment').exit).toBe(3);
    expect(drifts('key and comment')).toEqual(
      expect.arrayContaining([
        `derived ${seed} not signed`,
        `derived ${keys} added`,
        `derived ${cluster} added`,
      ]),
    );
    expect(digest('key and comment')).not.toBe(digest('golden'));
  });

  it.each(['comment only', 'no signature', 'another cluster', 'another key signed it'])(
    'is not trusted, and nothing is derived from it: %s',
    (name) => {
      expect(drifts(name)).toEqual(expect.arrayContaining([`derived ${seed} not signed`]));
      expect(drifts(name)).toContain(`derived ${keys} added`);
    },
  );

  it('is required: without a copy nothing is derived', () => {
    expect(drifts('no copy')).toContain(`derived ${keys} added`);
    expect(of('no copy').lines[0].seed).toBeNull();
  });

  it('must be the same text in all copies', () => {
    expect(drifts('two texts')).toContain(`derived ${seed} two texts`);
    expect(drifts('the same text twice')).toEqual([]);
    expect(drifts("only cloud-init's copy")).toEqual([]);
    expect(digest("only cloud-init's copy")).toBe(digest('golden'));
  });

  it('gives the required keys', () => {
    expect(drifts('deleted keys')).toEqual([`derived ${keys} deleted`]);
  });
});

describe('a seed that the image cannot verify', () => {
  it('has its digest in the head, so an altered copy changes the digest of the node', () => {
    expect(of('keyless').lines[0].seed).toMatchObject({ signedBy: null });
    expect(drifts('keyless')).toEqual([]);
    expect(drifts('keyless, key in both')).toEqual([]);
    expect(digest('keyless, key in both')).not.toBe(digest('keyless'));
  });

  it('gives only the keys of users: one in a comment is drift', () => {
    expect(drifts('keyless, key and comment')).toEqual([`derived ${keys} content`]);
  });

  it('is not read in any other form than that of ingot seed', () => {
    expect(drifts('keyless, another form')).toContain(`derived ${seed} not known`);
  });
});

describe('the network files of cloud-init', () => {
  const file = '/etc/systemd/network/10-cloud-init-cluster0.network';
  it.each([
    ['another name server', `derived ${file} content`],
    ['an additional network', 'derived /etc/systemd/network/10-cloud-init-x.network added'],
    ['an additional drop-in', `derived ${file}.d/20-ingot.conf added`],
    ['no network', `derived ${file} deleted`],
  ])('are compared with the saved configuration: %s', (name, drift) => {
    expect(drifts(name)).toEqual([drift]);
  });

  it('are only checked for allowed settings if the configuration is not supported', () => {
    expect(drifts('a network that is not computed')).toEqual([]);
  });
});
