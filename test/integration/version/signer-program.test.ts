import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeHost } from '../../../src/host/make-host.ts';
import { isSignature, type KeyAlgorithm, newKeyPair } from '../../../src/version/keys.ts';
import { keySigner } from '../../../src/version/signer.ts';
import { programSigner } from '../../../src/version/signer-program.ts';
import { rejection } from '../../samples/temporary.ts';

const payload = Buffer.from('é payload\n');
const sha256 = createHash('sha256').update(payload).digest('hex');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingot-signer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a key and a program of sh(1) that signs with it, as docs/release.md describes it. */
function program(kind: KeyAlgorithm, signs?: string): { command: string; keyid: string } {
  const { privatePem, publicPem, keyid } = newKeyPair(kind);
  writeFileSync(join(folder, 'key.pem'), privatePem);
  writeFileSync(join(folder, 'pub.pem'), publicPem);
  const how = kind === 'ed25519' ? '-rawin' : '';
  const signing = signs ?? `openssl pkeyutl -sign ${how} -inkey "$here/key.pem" -in "$3" | base64`;
  const text = `here=$(dirname "$0")\necho "$*" >>"$here/calls"\nif [ "$1" = public-key ]; then cat "$here/pub.pem"; else\n${signing}\nfi\n`;
  writeFileSync(join(folder, 'sign with.sh'), text);
  return { command: `sh '${join(folder, 'sign with.sh')}'`, keyid };
}

const signerOf = (command: string, env: Readonly<Record<string, string>> = {}) =>
  programSigner(makeHost(), { command, cwd: folder, env });
const failure = (work: () => Promise<unknown>) => rejection(work());

describe.each<KeyAlgorithm>(['ed25519', 'ecdsa-p256'])('a program that has an %s key', (kind) => {
  it('signs what everybody verifies with its public key, and learns how to sign', async () => {
    const { command, keyid } = program(kind);
    const signer = await signerOf(command);
    expect([signer.keyId, signer.algorithm]).toEqual([keyid, kind]);
    expect(isSignature(signer.publicKey, payload, await signer.sign(payload))).toBe(true);
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n');
    expect(calls[0]).toBe('public-key');
    expect(calls[1]).toMatch(new RegExp(`^sign ${kind} /`));
  });

  it('is refused if it answers with the signature of another payload, nothing, or no Base64', async () => {
    const other = `printf x >"$here/other"; openssl ${kind === 'ed25519' ? 'pkeyutl -sign -rawin -in "$here/other" -inkey' : 'dgst -sha256 -sign'} "$here/key.pem" ${kind === 'ed25519' ? '' : '"$here/other"'} | base64`;
    for (const [signs, why] of [
      [other, 'is not a signature by its own key'],
      [':', 'did not answer with a signature in Base64'],
      ['echo "wrong PIN!"', 'did not answer with a signature in Base64'],
    ] as const) {
      const signer = await signerOf(program(kind, signs).command);
      const error = await failure(() => signer.sign(payload));
      expect(error.code).toBe('signer-failed');
      expect(error.message).toContain(why);
    }
  });
});

describe('a file', () => {
  const written = () => {
    writeFileSync(join(folder, 'disk'), payload);
    return { file: join(folder, 'disk'), sha256 };
  };

  it('is signed by its digest, which is all that the program gets', async () => {
    const { command } = program(
      'ecdsa-p256',
      'cp "$3" "$here/got"; openssl pkeyutl -sign -inkey "$here/key.pem" -in "$3" | base64',
    );
    const signer = await signerOf(command);
    const signature = await signer.signFile?.(written());
    expect(isSignature(signer.publicKey, payload, signature ?? Buffer.alloc(0))).toBe(true);
    expect(readFileSync(join(folder, 'got')).toString('hex')).toBe(sha256);
  });

  it('is signed by a key in a file in the same way', async () => {
    const signer = keySigner(createPrivateKey(newKeyPair('ecdsa-p256').privatePem));
    const signature = await signer.signFile?.(written());
    expect(isSignature(signer.publicKey, payload, signature ?? Buffer.alloc(0))).toBe(true);
  });

  it('that differs from its digest is not signed', async () => {
    const other = { ...written(), sha256: 'a'.repeat(64) };
    const signers = [
      keySigner(createPrivateKey(newKeyPair('ecdsa-p256').privatePem)),
      await signerOf(program('ecdsa-p256').command),
    ];
    for (const signer of signers)
      expect((await failure(async () => signer.signFile?.(other))).code).toBe('damaged-version');
  });

  it('is never signed by an ed25519 key, which would have to get the whole file', async () => {
    expect(keySigner(createPrivateKey(newKeyPair().privatePem)).signFile).toBeUndefined();
    expect((await signerOf(program('ed25519').command)).signFile).toBeUndefined();
  });
});

describe('a program', () => {
  it('gets the environment of the user, but not INGOT_SIGNING_KEY', async () => {
    const { command } = program('ed25519');
    const env = { TOKEN_PIN: '1234', INGOT_SIGNING_KEY: 'secret', PATH: process.env['PATH'] ?? '' };
    await signerOf(`env >env; ${command}`, env);
    const got = readFileSync(join(folder, 'env'), 'utf8');
    expect(got).toContain('TOKEN_PIN=1234\n');
    expect(got).not.toContain('secret');
  });

  it('that fails is reported with its own words, and neither its command line nor its environment is shown', async () => {
    const error = await failure(() =>
      signerOf('echo "token not present" >&2; exit 3; #--pin 9876', { TOKEN_PIN: '4711' }),
    );
    expect(error.code).toBe('signer-failed');
    const shown = JSON.stringify([error.message, error.excerpt, error.hint]);
    expect(shown).toContain('ended with exit status 3');
    expect(shown).toContain('token not present');
    expect(shown).not.toMatch(/9876|4711/);
    expect(error.cause).toBeUndefined();
  });

  it('that answers no public key, or one of another kind, is refused before anything is signed', async () => {
    expect((await failure(() => signerOf('echo hello #'))).code).toBe('wrong-key');
    expect((await failure(() => signerOf('openssl genrsa 2048 2>/dev/null | openssl rsa -pubout #'))).message).toContain('of the type rsa'); // prettier-ignore
  });
});
