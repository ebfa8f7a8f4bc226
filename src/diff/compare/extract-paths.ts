import type { Host } from '../../host/host.ts';

/**
 * Extracts paths (absolute, as in the manifest; taken literally) from a squashfs to a folder that does not exist yet.
 */
export async function extractPaths(
  host: Host,
  squashfs: string,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  await unsquash(host, squashfs, folder, { options: ['-no-wildcards'], names: paths });
}

/** Extracts the paths that match a pattern of unsquashfs(1) from a squashfs to a folder that does not exist yet. */
export async function extractMatching(
  host: Host,
  squashfs: string,
  pattern: string,
  folder: string,
): Promise<void> {
  await unsquash(host, squashfs, folder, { options: [], names: [pattern] });
}

async function unsquash(
  host: Host,
  squashfs: string,
  folder: string,
  { options, names }: { readonly options: readonly string[]; readonly names: readonly string[] },
): Promise<void> {
  await host.run('unsquashfs', [
    ...['-no-progress', '-quiet', '-no-xattrs', '-dest', folder, ...options, squashfs],
    ...names.map((name) => name.replace(/^\//, '')),
  ]);
}
