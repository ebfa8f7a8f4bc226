import { parse } from 'yaml';
import { z } from 'zod';
import type { SeedFile } from '../vm/seed-disk.ts';

const userData = z.object({
  write_files: z.array(
    z.object({
      path: z.string(),
      content: z.string(),
      permissions: z.string().default('0644'),
      encoding: z.string().optional(),
    }),
  ),
});

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * A shell script that gives a running node another seed, as docs/rehearsal.md describes: it writes the files that
 * cloud-init would write, then restarts the identity. systemd stops the services that require the identity and starts
 * them with the new seed.
 */
export function reseedScript(seed: readonly SeedFile[]): string {
  const text = seed.find(({ path }) => path === 'user-data')?.content ?? '';
  const { write_files: files } = userData.parse(parse(text));
  return [
    'set -eu',
    ...files.map(({ path, content, permissions, encoding }) => {
      const decode = encoding === undefined ? 'cat' : 'base64 -d';
      const place = quoted(path);
      return `mkdir -p "$(dirname ${place})"; printf %s ${quoted(content)} | ${decode} >${place}; chmod ${quoted(permissions)} ${place}`;
    }),
    'systemctl restart ingot-identity.service',
  ].join('\n');
}
