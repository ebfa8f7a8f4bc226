import { writeManifest } from '../../src/bake/seal/write-manifest.ts';
import { makeHost } from '../../src/host/make-host.ts';

// A separate process, so that only the time and memory of the manifest are measured. Arguments: tree, file to write.
const [tree, file] = process.argv.slice(2);
if (tree === undefined || file === undefined) throw new Error('manifest.ts TREE FILE');
const none = { name: '', size: 0, sha256: '' };
await writeManifest(makeHost(), tree, {
  head: { role: 'slave', epoch: 0, compressionLevel: 3, boot: { kernel: none, initrd: none } },
  file,
});
