import { statSync } from 'node:fs';
import type { ProgressStage } from '../../src/host/progress-stage.ts';
import { defaultLimits } from '../../src/publish/ami/attempts.ts';
import { realClock } from '../../src/publish/ami/clock.ts';
import { publishAmi } from '../../src/publish/ami/publish-ami.ts';
import { loadAwsSdk } from '../../src/publish/ami/sdk.ts';

/**
 * Publishes a raw disk as an AMI and prints the figures of its upload as JSON. Arguments: the disk, how many bytes of it
 * from its begin hold data, a folder for the state, a name.
 */
const [disk = '', data = '', stateFolder = '', name = ''] = process.argv.slice(2);
const silent: ProgressStage = {
  note: () => undefined,
  stage: (_, work) => work(silent),
  begin: () => ({ ...silent, end: () => undefined }),
};
const { upload } = await publishAmi(
  { sdk: loadAwsSdk(process.env), clock: realClock, limits: defaultLimits },
  {
    request: {
      ...{
        role: 'slave',
        version: name,
        rootHash: '00',
        name,
        region: 'eu-central-1',
        copyTo: [],
        tags: {},
        share: [],
      },
      ...{
        copyWithinMinutes: undefined,
        deprecateAfterSeconds: undefined,
        attestable: false,
        uefiData: undefined,
      },
    },
    ...{ stateFolder, progress: silent, signal: new AbortController().signal },
    withDisk: (_, work) =>
      work({ path: disk, bytes: statSync(disk).size, data: [{ start: 0, length: Number(data) }] }),
  },
);
process.stdout.write(`${JSON.stringify(upload)}\n`);
