import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { requirePrograms } from '../../host/required-programs.ts';
import { sha256File } from '../../host/sha256-file.ts';
import { withTemporaryFolder } from '../../host/with-temporary-folder.ts';
import type { Published, PublishRequest } from '../place.ts';
import { type FilePlace, publishFiles, type SentBytes } from '../tree/publish-files.ts';
import type { TreeFile } from '../tree/version-tree.ts';
import { parseDestination } from './destination.ts';
import { type RsyncSettings, runRsync } from './run-rsync.ts';

const readableByAll = '--chmod=D755,F644';
/** Content decides, not time: a file that was altered on the server is replaced. */
const byContent = ['--recursive', '--copy-links', '--checksum', readableByAll];

/** Reads the statistics of rsync --stats. */
export function bytesOf(stats: string): SentBytes {
  const number = (name: string): number =>
    Number((new RegExp(`^${name}: ([\\d,.]+) bytes`, 'm').exec(stats)?.[1] ?? '0').replaceAll(/[,.]/g, ''));
  const sentBytes = number('Total transferred file size');
  return { sentBytes, presentBytes: Math.max(0, number('Total file size') - sentBytes) };
}

async function requireUnchanged(files: readonly TreeFile[]): Promise<void> {
  for (const { source, sha256 } of files)
    if ((await sha256File(source)) !== sha256)
      throw new IngotError({
        code: 'damaged-version',
        message: `${source} has changed since it was verified; the new version was not published`,
        hint: 'find out what writes to the store, and publish again',
      });
}

/** A folder that rsync brings to the place: links under the paths that the files have there. */
async function linkFiles(folder: string, files: readonly TreeFile[]): Promise<void> {
  for (const { path, source } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await symlink(source, join(folder, path));
  }
}

/** An rsync server as a place of files. */
export function rsyncOfFiles(settings: RsyncSettings): FilePlace {
  const { address } = settings.destination;
  return {
    address,
    read: (paths) =>
      withTemporaryFolder(async (folder) => {
        // rsync reads only folders that are included as well.
        const folders = new Set(paths.map((path) => dirname(path)).filter((parent) => parent !== '.'));
        const named = [...[...folders].map((parent) => `${parent}/`), ...paths].map(
          (path) => `--include=/${path}`,
        );
        // A path that does not exist yet: status 23 of a sender, 3 of a daemon.
        await runRsync(
          settings,
          ['--recursive', ...named, '--exclude=*', '--max-size=1m', '--', `${address}/`, `${folder}/`],
          { accept: [23, 3] },
        );
        const texts = await Promise.all(
          paths.map(
            async (path) =>
              [path, await readFile(join(folder, path), 'utf8').catch(() => undefined)] as const,
          ),
        );
        return new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
      }),
    send: (files, note) =>
      withTemporaryFolder(async (folder) => {
        await linkFiles(folder, files);
        const to = ['--', `${folder}/`, `${address}/`];
        const words = ['--partial-dir=.ingot-partial', '--stats', '--no-human-readable', '--out-format=%n'];
        const sent = await runRsync(settings, [...byContent, ...words, ...to], { onLine: note });
        // The server has what rsync read here; what was read has to be what was verified.
        await requireUnchanged(files);
        const differing = await runRsync(settings, [...byContent, '--dry-run', '--out-format=%n', ...to]);
        const left = differing.split('\n').filter((line) => line !== '' && !line.endsWith('/'));
        if (left.length > 0)
          throw new IngotError({
            code: 'publish-failed',
            message: `files of ${address} differ from what was sent; the new version was not published`,
            excerpt: left.slice(0, 6),
            hint: 'find out what else writes there, and publish again',
          });
        return bytesOf(sent);
      }),
    point: (pointers) =>
      withTemporaryFolder(async (folder) => {
        if (pointers.length === 0) return;
        for (const { path, content } of pointers) {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), content);
        }
        await runRsync(settings, [...byContent, '--delay-updates', '--', `${folder}/`, `${address}/`]);
      }),
  };
}

/** Publishes to rsync://… or HOST:PATH. */
export function publishWithRsync(host: Host, request: PublishRequest): Promise<Published> {
  const destination = parseDestination(request.to);
  requirePrograms([{ program: 'rsync', debianPackage: 'rsync', for: 'publishing with rsync' }]);
  const { env, signal } = request;
  return publishFiles(rsyncOfFiles({ host, destination, env, signal, pauseMs: 2000 }), request);
}
