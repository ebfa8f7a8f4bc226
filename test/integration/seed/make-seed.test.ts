import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { makeSeed } from '../../../src/seed/make-seed.ts';
import { newKeyPair } from '../../../src/version/keys.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { smallSpec } from '../../samples/spec.ts';

const host = makeHost();
const section = `seed:
  keys: [seed.pub.pem]
  network: 10.0.0.0/8
  agents: [{ addresses: [10.0.1.0/24], attributes: { rack: r1 } }]
  secrets: { agentCredential: { file: /var/lib/ingot/state/secrets/agent } }
  files:
    - { path: /etc/site.conf, from: site.conf, mode: "0640", owner: "root:ops" }
`;

let folder = '';
const key = newKeyPair();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-seed-'));
  writeFileSync(join(folder, 'seed.pub.pem'), key.publicPem);
  writeFileSync(join(folder, 'site.conf'), 'of "this": site\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const made = (into: string, more = section, signingKey: string | null = key.privatePem, url?: string) => {
  writeFileSync(join(folder, 'cluster.yaml'), `${smallSpec}${more}`);
  return makeSeed(host, {
    specFile: join(folder, 'cluster.yaml'),
    into: join(folder, into),
    signingKey: signingKey === null ? undefined : keySigner(createPrivateKey(signingKey)),
    url,
  });
};
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

describe('the seed of a cluster', () => {
  it('is written in every form, with exactly the same text', async () => {
    const { files, fitsEc2, kernelArgument, refused } = await made(
      'a',
      section,
      key.privatePem,
      'http://h/s/',
    );
    expect({ fitsEc2, refused }).toEqual({ fitsEc2: true, refused: false });
    expect(kernelArgument).toBe('ds=nocloud-net;s=http://h/s/');
    expect(read('a/kernel-argument')).toBe(`${kernelArgument}\n`);
    expect(readdirSync(join(folder, 'a')).filter((name) => !name.startsWith('.'))).toEqual([...files].sort());
    expect(read('a/ec2-user-data')).toBe(read('a/user-data'));
    const iso = join(folder, 'a/seed.iso');
    execFileSync('xorriso', ['-osirrox', 'on', '-indev', iso, '-extract', '/', join(folder, 'out')], {
      stdio: 'pipe',
    });
    for (const name of ['user-data', 'meta-data', 'vendor-data'])
      expect(read(`out/${name}`)).toBe(read(`a/${name}`));
    expect(execFileSync('blkid', ['-p', iso], { encoding: 'utf8' })).toContain('LABEL="cidata"');
  });

  it('is what cloud-init understands, and contains the settings of the spec', async () => {
    await made('a');
    const path = join(folder, 'a/user-data');
    expect(execFileSync('cloud-init', ['schema', '--config-file', path], { encoding: 'utf8' })).toContain(
      'Valid',
    );
    const program = 'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)';
    const { write_files: files } = JSON.parse(
      execFileSync('/usr/bin/python3', ['-c', program, path], { encoding: 'utf8' }),
    ) as { write_files: { path: string; content: string }[] };
    expect(JSON.parse(files[0]?.content ?? '')).toEqual({
      version: 1,
      cluster: 'demo',
      masters: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
      network: '10.0.0.0/8',
      agents: [{ addresses: ['10.0.1.0/24'], attributes: { rack: 'r1' } }],
      secrets: { agentCredential: { file: '/var/lib/ingot/state/secrets/agent' } },
    });
    expect(files[1]).toEqual({
      path: '/etc/site.conf',
      owner: 'root:ops',
      permissions: '0640',
      content: 'of "this": site\n',
    });
  });

  it('has the same bytes when it is made again, at another time and in another folder', async () => {
    await made('a');
    // ISO 9660 stores times in seconds: wait until the clock has passed one.
    const passed = host.now() + 1100;
    await expect.poll(() => host.now(), { timeout: 5000 }).toBeGreaterThan(passed);
    await made('b');
    await made('a');
    for (const name of ['user-data', 'seed.iso'])
      expect(readFileSync(join(folder, 'a', name)).equals(readFileSync(join(folder, 'b', name)))).toBe(true);
  });

  it('is reported if nodes would refuse it, and is not made with a key that they do not trust', async () => {
    expect((await made('a', section, null)).refused).toBe(true);
    expect(read('a/user-data')).not.toContain('# ingot-seed-signature');
    await expect(made('b', section, newKeyPair().privatePem)).rejects.toThrow('is not one of seed.keys');
  });

  it('that is too large for EC2 is not written for EC2, and is an error if the spec makes an AMI', async () => {
    writeFileSync(join(folder, 'site.conf'), 'x'.repeat(17_000));
    expect((await made('a')).fitsEc2).toBe(false);
    expect(readdirSync(join(folder, 'a'))).not.toContain('ec2-user-data');
    await expect(made('b', `${section}targets: [qcow2, ec2]\n`)).rejects.toThrow(
      /has \d+ bytes, and EC2 takes 16384/,
    );
  });
});
