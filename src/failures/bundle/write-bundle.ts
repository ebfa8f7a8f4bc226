import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import { SecretRemover } from '../redact-secrets.ts';
import type { BundleFile, OmittedFile } from './read-logs.ts';

/** What goes into an archive for a bug report. */
export interface BundleContent {
  readonly files: readonly BundleFile[];
  readonly left: readonly OmittedFile[];
  /** Secrets by value. */
  readonly secrets: readonly string[];
}

/** The result of writing an archive. */
export interface WrittenBundle {
  /** The paths in the archive. */
  readonly paths: readonly string[];
  readonly left: readonly OmittedFile[];
  /** The paths in which secrets were replaced. */
  readonly redacted: readonly string[];
}

/** Removes the secrets, and leaves out every file in which one could remain. */
export function redactedContent({ files, left, secrets }: BundleContent): {
  readonly files: readonly BundleFile[];
  readonly left: readonly OmittedFile[];
  readonly redacted: readonly string[];
} {
  const remover = new SecretRemover(secrets);
  const clean: BundleFile[] = [];
  const out = [...left];
  const redacted: string[] = [];
  for (const file of files) {
    const path = remover.clean(file.path);
    const text = remover.cleanOrNothing(file.text);
    if (text === undefined) out.push({ path, why: 'a secret in it could not be removed' });
    else {
      clean.push({ path, text });
      if (text !== file.text) redacted.push(path);
    }
  }
  return { files: clean, left: out, redacted };
}

const readme = ({ files, left, redacted }: ReturnType<typeof redactedContent>): string =>
  [
    'An archive of ingot report --bundle, for a bug report. Look through it before you give it away.',
    '',
    'Passwords, tokens, private keys and logins were replaced by ***. Names, addresses and paths of your cluster are in it.',
    '',
    'Files:',
    ...files.map(({ path }) => `  ${path}${redacted.includes(path) ? ' (secrets replaced)' : ''}`),
    ...(left.length === 0 ? [] : ['', 'Left out:', ...left.map(({ path, why }) => `  ${path}: ${why}`)]),
    '',
  ].join('\n');

/**
 * Writes an archive for a bug report: tar, compressed by gzip, readable only by its owner. It appears complete or not
 * at all.
 * @param file absolute
 * @throws IngotError unusable-folder if the file exists or its folder cannot be written
 */
export async function writeBundle(host: Host, content: BundleContent, file: string): Promise<WrittenBundle> {
  const clean = redactedContent(content);
  const name = basename(file).replace(/\.(?:tgz|tar\.gz|tar)$/, '') || 'report';
  const own = `${file}.${process.pid}`;
  await writeFile(own, '', { mode: 0o600, flag: 'wx' }).catch((cause: unknown) => {
    throw new IngotError({
      code: 'unusable-folder',
      message: `${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'name a file in a folder that exists and that you can write',
      cause,
    });
  });
  try {
    await withTemporaryFolder(async (folder) => {
      const all = [{ path: 'README.txt', text: readme(clean) }, ...clean.files];
      for (const { path, text } of all) {
        const place = join(folder, name, path);
        await mkdir(dirname(place), { recursive: true });
        await writeFile(place, text);
      }
      await host.run('tar', [
        ...['--create', '--gzip', '--force-local', '--file', own, '--sort=name', '--owner=0', '--group=0'],
        ...['--numeric-owner', '--mode=u=rwX,go=rX', '--directory', folder, '--', name],
      ]);
    });
    await rename(own, file);
  } finally {
    await rm(own, { force: true });
  }
  return { paths: clean.files.map(({ path }) => path), left: clean.left, redacted: clean.redacted };
}
