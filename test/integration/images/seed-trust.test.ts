import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newKeyPair } from '../../../src/version/keys.ts';
import { signedUserData } from '../../../src/version/sign-seed.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { nodePrograms } from '../../unit/images/node-programs.ts';
import { NodeTree } from '../../unit/images/node-tree.ts';

const library = fileURLToPath(new URL('../../../node-tools', import.meta.url));
const userData = '#cloud-config\nwrite_files: [{path: /etc/ingot/cluster.json, content: "é"}]\n';
const key = newKeyPair();
const signerOf = ({ privatePem }: { readonly privatePem: string }) => keySigner(createPrivateKey(privatePem));
const signed = await signedUserData(userData, signerOf(key));
const ofAnotherSeed = await signedUserData(`${userData}#\n`, signerOf(key));
const other = newKeyPair();
const byAnotherKey = await signedUserData(userData, signerOf(other));

// cloud-init's own classes get this text as from a source, and return all that they would use of it.
const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from cloudinit import helpers, sources
from ingot_node import seed_belief
root = sys.argv[2]
import glob
seed_belief.believe_only(sorted(glob.glob(root + "/keys/*.pem")), root + "/run")
class Source(sources.DataSource):
    dsname = "Test"
    def _get_data(self):
        self.userdata_raw = open(root + "/user-data", "rb").read()
        self.vendordata_raw = "#cloud-config\\nruncmd: [reboot]\\n"
        self.vendordata2_raw = self.vendordata_raw
        return True
source = Source({}, None, helpers.Paths({"cloud_dir": root, "run_dir": root}))
source._get_data()
print(json.dumps({
    "raw": source.get_userdata_raw().decode(),
    "parts": [part.get_payload(decode=True).decode() for part in source.get_userdata(True).walk() if not part.is_multipart()],
    "vendor": [source.get_vendordata_raw(), source.get_vendordata2_raw()],
}))
`;

let tree: NodeTree;
beforeEach(() => {
  tree = new NodeTree();
  tree.write('/keys/release.pem', key.publicPem);
});
afterEach(() => {
  tree.remove();
});

function consumed(text: string) {
  tree.write('/user-data', text);
  const done = spawnSync('/usr/bin/python3', ['-sEB', '-c', program, library, tree.folder], {
    encoding: 'utf8',
  });
  expect(done.stderr.replaceAll(/^<3>.*$/gm, '').trim()).toBe('');
  return JSON.parse(done.stdout) as { raw: string; parts: string[]; vendor: (string | null)[] };
}

describe('cloud-init in an image with seed keys', () => {
  it('gets a complete seed that one of them signed, and no vendor data', () => {
    tree.write('/keys/other.pem', newKeyPair().publicPem);
    const found = consumed(signed);
    expect(found.raw).toBe(signed);
    expect(found.parts.join('')).toContain('/etc/ingot/cluster.json');
    expect(found.vendor).toEqual([null, null]);
    expect(JSON.parse(tree.read('/run/seed-signed'))).toEqual({ signedBy: 'release' });
    expect(tree.paths()).not.toContain('/run/seed-refused');
  });

  it.each<[string, string, string]>([
    ['has no signature', userData, 'the seed is not signed, and this image trusts only signed seeds'],
    ['has a changed letter', signed.replace('cluster.json', 'cluster.jsom'), 'was altered after release ('],
    ['has an additional line', signed.replace('\nwrite', '\n#\nwrite'), 'was altered after release ('],
    ['has text after its signature', `${signed}runcmd: [reboot]\n`, 'its signature is not the last line'],
    ['has an incomplete signature', signed.slice(0, -2), 'its signature is not the last line'],
    [
      'has the signature of another seed',
      userData + (ofAnotherSeed.split('\n').at(-2) ?? '') + '\n',
      'was altered after release (',
    ],
    [
      'is signed with another key',
      byAnotherKey,
      `is signed with another key (${other.keyid.slice(0, 12)}…); this image trusts release (`,
    ],
    ['is a script', '#!/bin/sh\nreboot\n', 'the seed is not signed'],
    ['is a boothook', `Content-Type: text/cloud-boothook\n\n#!/bin/sh\nreboot\n`, 'is not signed'],
  ])('gets nothing of a seed that %s, and reports why', (_, text, why) => {
    const found = consumed(text);
    expect(found.raw).toBe('');
    expect(found.parts.join('')).toBe('');
    expect(tree.read('/run/seed-refused')).toContain(why);
    expect(tree.paths()).not.toContain('/run/seed-signed');
  });

  it('gets a seed that an ECDSA P-256 key signed, and nothing of one that was altered', async () => {
    const p256 = newKeyPair('ecdsa-p256');
    tree.write('/keys/hsm.pem', p256.publicPem);
    const text = await signedUserData(userData, signerOf(p256));
    expect(consumed(text).raw).toBe(text);
    expect(JSON.parse(tree.read('/run/seed-signed'))).toEqual({ signedBy: 'hsm' });
    expect(consumed(text.replace('é', 'è')).raw).toBe('');
    expect(tree.read('/run/seed-refused')).toContain('was altered after hsm (');
  });

  it('trusts no seed if its keys cannot be read', () => {
    tree.write('/keys/release.pem', 'no key\n');
    expect(consumed(signed).raw).toBe('');
    expect(tree.read('/run/seed-refused')).toContain('this image trusts none that can be read');
  });
});

describe('the verifier that the initrd runs in the root', () => {
  const judged = (text: string) => {
    tree.write('/usr/lib/ingot/seed-keys/release.pem', key.publicPem);
    const args = ['-sEB', join(nodePrograms('common'), 'usr/lib/ingot/seed-judge'), `--root=${tree.folder}`];
    const done = spawnSync('/usr/bin/python3', args, { input: text, encoding: 'utf8' });
    return { exitCode: done.status, says: done.stdout };
  };

  it('prints nothing for a signed seed, and the reason for a refused one', () => {
    expect(judged(signed)).toEqual({ exitCode: 0, says: '' });
    const refused = judged(signed.replace('é', 'è'));
    expect(refused.exitCode).toBe(1);
    expect(refused.says).toContain('was altered after release (');
  });
});

it('openssl verifies the signature with the encoding in the documentation', () => {
  const [last = ''] = signed.split('\n').slice(-2);
  const [, , keyid, signature = ''] = last.split(' ');
  expect(keyid).toBe(key.keyid);
  const bytes = Buffer.from(userData);
  tree.write('/message', `DSSEv1 26 application/vnd.ingot.seed ${bytes.length} ${userData}`);
  spawnSync('sh', ['-c', 'base64 -d >"$0"', join(tree.folder, 'signature')], { input: signature });
  const at = (name: string): string => join(tree.folder, name);
  const done = spawnSync('openssl', [
    ...['pkeyutl', '-verify', '-rawin', '-pubin', '-inkey', at('keys/release.pem')],
    ...['-in', at('message'), '-sigfile', at('signature')],
  ]);
  expect(done.status).toBe(0);
});
