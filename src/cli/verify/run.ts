import { exitCodes } from '../../host/ingot-error.ts';
import { withProgress } from '../progress/progress.ts';
import type { verifyShape } from '../shapes/test-shapes.ts';
import { jsonText } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import { checkedData, checkedText, checkVersions, isRefused, requireNotRefused } from './check-versions.ts';
import type { VerifyInput } from './options.ts';

/** ingot verify: verifies the files and signatures of versions without any network; exit 1 if one is refused. */
export async function verify(world: World, input: VerifyInput): Promise<number> {
  const { folders, key: keys = [], rehearsed, threshold } = input;
  const checked = await withProgress({ stream: world.stream, now: () => world.host.now() }, (progress) =>
    checkVersions(world, { folders, keys, threshold, rehearsed }, progress),
  );
  if (input.json) {
    const versions = checked.map((one) => checkedData(one, rehearsed));
    world.out(jsonText<typeof verifyShape>({ schema: 1, versions }));
  } else for (const one of checked) if (!isRefused(one)) world.out(checkedText(one));
  requireNotRefused(checked);
  return exitCodes.done;
}
