import { resolve } from 'node:path';
import { noSink } from '../../../air-gap/open-air-gap.ts';
import { readAirGap } from '../../../air-gap/read-air-gap.ts';
import { exitCodes } from '../../../host/ingot-error.ts';
import { publicKey } from '../../../version/key-files.ts';
import { withProgress } from '../../progress/progress.ts';
import type { bundleVerifyShape } from '../../shapes/bundle-shapes.ts';
import { jsonText } from '../../shared/json-text.ts';
import type { World } from '../../world.ts';
import { verifiedBundleText, verifiedDocument } from '../verified-text.ts';
import type { BundleVerifyInput } from './options.ts';

/** ingot bundle verify: reads a bundle to its end; prints what is in it. */
export async function verifyBundle(world: World, input: BundleVerifyInput): Promise<number> {
  const { host, cwd, signal, stream } = world;
  const keys = await Promise.all((input.key ?? []).map((file) => publicKey(resolve(cwd, file))));
  const file = resolve(cwd, input.file);
  const verified = await withProgress({ stream, quiet: input.quiet, now: () => host.now() }, (progress) =>
    progress.stage('read the bundle', (stage) =>
      readAirGap({
        ...{ file, keys, signal, sink: noSink },
        onFile: (path) => {
          stage.note(path);
        },
      }),
    ),
  );
  world.out(
    input.json
      ? jsonText<typeof bundleVerifyShape>(verifiedDocument(verified, file))
      : verifiedBundleText(verified),
  );
  return exitCodes.done;
}
