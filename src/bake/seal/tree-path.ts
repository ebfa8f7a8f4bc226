import { IngotError } from '../../host/ingot-error.ts';

/**
 * Maximum bytes of a path of an image: the build host must be able to name every file below the folder of the run
 * (PATH_MAX is 4096).
 */
const longestPath = 3072;

/**
 * Turns a name of an archive ("./etc/hosts", "etc/ssl/") into a path from the root of a tree ("/etc/hosts"; "/" for the
 * root itself).
 * @throws IngotError wrong-export for names that are absolute, contain "..", are not UTF-8, contain a NUL, or are too
 *   long
 */
export function treePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0'))
    throw hostile(name, 'leads out of the tree');
  if (name.includes('\uFFFD')) throw hostile(name, 'is not UTF-8');
  if (Buffer.byteLength(name) > longestPath) throw hostile(name, `is longer than ${longestPath} bytes`);
  if (parts.some((part) => Buffer.byteLength(part) > 255))
    throw hostile(name, 'has a name of more than 255 bytes');
  return `/${parts.join('/')}`;
}

function hostile(name: string, why: string): IngotError {
  const shown = name.length > 200 ? `${name.slice(0, 200)}…` : name;
  return new IngotError({
    code: 'wrong-export',
    message: `The build guest exported the path ${JSON.stringify(shown)}, which ${why}. Nothing was written through it.`,
    hint: 'A step of images/ may have replaced a folder by a link, or the guest did not boot the composed tree.',
  });
}
