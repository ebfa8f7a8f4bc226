import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { makeHost } from '../../../../src/host/make-host.ts';
import { nodePrograms } from '../../../unit/images/node-programs.ts';

const images = fileURLToPath(new URL('../../../../images', import.meta.url));
const looking = fileURLToPath(new URL('look-at-nodes.py', import.meta.url));
const host = makeHost();

export interface Line {
  readonly path: string;
  readonly class: string;
  readonly kind: string;
  readonly diff?: readonly string[];
}
export interface Head {
  readonly verified: boolean;
  readonly version: string;
  readonly seed: { readonly sha256: string; readonly signedBy: string | null } | null;
  readonly digest: string;
  readonly drift: number;
  readonly counts: Record<string, number>;
  readonly tree: Record<string, { digest: string; folders: Record<string, string> }>;
  /** For a root without dm-verity: what was read. */
  readonly scan?: Record<'paths' | 'files' | 'changed' | 'grave' | 'sampled' | 'left' | 'bytesRead', number>;
}
export interface Seen {
  readonly name: string;
  readonly exit: number;
  readonly lines: readonly [Head, ...Line[]];
  readonly error: string;
  readonly left: Record<string, string>;
  /** The lines of debsums and the paths of aide, if they ran. */
  readonly peers: { readonly debsums?: readonly string[]; readonly aide?: readonly string[] };
}

/** The text with which the tests compare a drift. */
export const says = ({ path, class: klass, kind }: Pick<Line, 'path' | 'class' | 'kind'>): string =>
  `${klass} ${path} ${kind}`;

/** Creates the golden root of the tests' nodes in a folder. */
export async function makeGolden(folder: string): Promise<void> {
  await host.run('/usr/bin/python3', ['-B', looking, folder, images]);
}

/**
 * Checks a node for each of these, in a temporary mount namespace. `manifest`: the nodes are copies of the golden root
 * and are compared with it. `peers`: debsums and aide run as well.
 */
export async function lookAt(
  nodes: readonly { name: string; plant: string }[],
  golden: string,
  how: { readonly manifest: string; readonly options: readonly string[] } | { readonly peers?: true } = {},
): Promise<Map<string, Seen>> {
  const folder = mkdtempSync(join(tmpdir(), 'ingot-drift-'));
  try {
    const inside = `mount -t tmpfs tmpfs . && cd "$PWD" && exec /usr/bin/python3 -B ${looking}`;
    const child = spawn('unshare', ['--mount', 'sh', '-c', inside], { cwd: folder });
    const program = join(nodePrograms('common'), 'usr/bin/ingot-drift');
    child.stdin.end(JSON.stringify({ program, golden, nodes, ...how }));
    let [output, errors] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, errors).toBe(0);
    const seen = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Seen);
    return new Map(seen.map((one) => [one.name, one]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
