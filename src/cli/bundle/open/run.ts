import { resolve } from 'node:path';
import { openAirGap } from '../../../air-gap/open-air-gap.ts';
import { exitCodes } from '../../../host/ingot-error.ts';
import { publicKey } from '../../../version/key-files.ts';
import { withProgress } from '../../progress/progress.ts';
import type { bundleVerifyShape } from '../../shapes/bundle-shapes.ts';
import { jsonText } from '../../shared/json-text.ts';
import type { World } from '../../world.ts';
import { verifiedBundleText, verifiedDocument } from '../verified-text.ts';
import type { BundleOpenInput } from './options.ts';

/** ingot bundle open: verifies a bundle and unpacks it into a new folder; prints the folder on stdout. */
export async function openBundle(world: World, input: BundleOpenInput): Promise<number> {
  const { host, cwd, signal, stream } = world;
  const keys = await Promise.all((input.key ?? []).map((file) => publicKey(resolve(cwd, file))));
  const [file, into] = [resolve(cwd, input.file), resolve(cwd, input.into)];
  const verified = await withProgress({ stream, quiet: input.quiet, now: () => host.now() }, (progress) =>
    progress.stage('unpack the bundle', (stage) =>
      openAirGap(
        {
          ...{ file, keys, signal },
          onFile: (path) => {
            stage.note(path);
          },
        },
        into,
      ),
    ),
  );
  if (!input.quiet) world.err(verifiedBundleText(verified));
  world.out(input.json ? jsonText<typeof bundleVerifyShape>(verifiedDocument(verified, file)) : `${into}\n`);
  return exitCodes.done;
}
