import { makeSquashfs } from '../../src/bake/seal/squashfs.ts';
import { makeHost } from '../../src/host/make-host.ts';

// A separate process, so that it can be compared with mksquashfs. Arguments: tree, file to write, zstd level.
const [tree, file, level] = process.argv.slice(2);
if (tree === undefined || file === undefined || level === undefined)
  throw new Error('squashfs.ts TREE FILE LEVEL');
await makeSquashfs(makeHost(), tree, file, { epoch: 0, level: Number(level) });
