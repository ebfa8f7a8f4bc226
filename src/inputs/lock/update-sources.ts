import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { errorCodes, exitCodes } from '../../host/error-codes.ts';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { proxiesOf } from '../apt/fetch-failure.ts';
import type { AptFolder } from './apt-folder.ts';
import { messagesBySource } from './apt-messages.ts';
import { presetFailure } from './preset-failure.ts';
import { sourceFailure } from './source-failure.ts';
import type { KeyedSource } from './source-keys.ts';
import { type NamedSource, nameSources } from './source-names.ts';

function title({ name, uri, suite }: NamedSource): string {
  return `the source ${name} (${uri} ${suite})`;
}

async function noSpace(): Promise<IngotError> {
  const folder = tmpdir();
  const { bavail, bsize } = await statfs(folder);
  return new IngotError({
    code: 'no-space',
    message: `No space left on device: the indexes of the sources do not fit into ${folder}, ${Math.round((bavail * bsize) / 2 ** 20)} MiB are free`,
    hint: 'free some, or set TMPDIR to a folder with some hundred MiB',
  });
}

/**
 * Lets apt read the indexes of all sources.
 * @throws IngotError unreachable-source, wrong-source or untrusted-source: every source that was not read, why, and
 * what to do
 * @throws IngotError no-space if the indexes do not fit
 */
export async function updateSources(
  host: Host,
  apt: AptFolder,
  keyed: readonly KeyedSource[],
): Promise<void> {
  const { exitCode, stdout, stderr } = await apt.update();
  if (exitCode === 0) return;
  const output = `${stdout}\n${stderr}`;
  const sources = nameSources(keyed.map(({ source }) => source));
  const messages = messagesBySource(output, nameSources(apt.placed));
  const proxies = await proxiesOf(host);
  const own = output.split('\n').filter((line) => /^[EW]:/.test(line));
  const failures = [...new Set(messages.map(({ source }) => source?.name))].map((name) => {
    const source = sources.find((one) => one.name === name);
    const lines = messages.filter((one) => one.source?.name === name).map((one) => one.text);
    const facts = {
      keyed: keyed.find((one) => one.source === source?.source),
      now: host.now(),
      proxies,
    };
    return { source, ...presetFailure(sourceFailure(lines, facts), lines, source?.source.preset) };
  });
  if (failures.some(({ code }) => code === 'no-space') || /No space left on device/.test(output))
    throw await noSpace();
  const [first] = failures;
  if (first === undefined)
    throw new IngotError({
      code: 'command-failed',
      message: 'apt cannot read the sources:',
      excerpt: own,
      hint: 'this is the output of apt; apt-get update with the same sources says more',
    });
  throw new IngotError({
    // If one source is wrong and another is down, report the wrong one: it is the one that the user has to correct.
    code: failures.find(({ code }) => errorCodes[code].exit === exitCodes.wrongInput)?.code ?? first.code,
    message: failures
      .map(({ source, why }) => `${source === undefined ? 'a source' : title(source)}: ${why}`)
      .join('\n'),
    hint: [...new Set(failures.map(({ hint }) => hint))].join('\n'),
  });
}
