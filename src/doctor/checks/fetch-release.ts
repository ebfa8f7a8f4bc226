import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { IngotError } from '../../host/ingot-error.ts';
import { isFlat } from '../../inputs/cluster-spec/flat-rules.ts';
import { download } from '../../inputs/pool/download.ts';
import { aptUrl } from '../../inputs/url/canonical-url.ts';
import { type Credentials, withoutCredentials } from '../../inputs/url/credentials.ts';
import type { DoctorScope } from '../finding.ts';

const timeoutMs = 20_000;

/** A suite of a source. */
export interface SuiteAddress {
  /** Without a slash at the end. */
  readonly base: string;
  readonly suite: string;
}

/** The signed list of a suite, or why there is none. */
export type FetchedRelease =
  | {
      /** Text of Release or InRelease. */
      readonly text: string;
      /** Arguments of gpgv(1): the signed file, or the signature and the file. */
      readonly signed: readonly string[];
    }
  | { readonly failure: string };

const reasonIn = (text: string): string => withoutCredentials(text.replace(/^E: */, '').trim());

/** Fetches a file as apt does, with its proxies and logins; apt-helper(1) is part of apt. */
async function asTheHost(
  host: Host,
  url: string,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await host.run('/usr/lib/apt/apt-helper', ['download-file', url, file], { timeoutMs, signal });
    return await access(file).then(() => undefined);
  } catch (error) {
    if (!(error instanceof IngotError)) throw error;
    return reasonIn(error.excerpt.findLast((line) => /^(?:E:|Err:|\s)/.test(line)) ?? error.message);
  }
}

/** Fetches a file as ingot lock does: with the proxies of this host, and the logins of the spec. */
async function asTheLock(
  host: Host,
  url: string,
  file: string,
  { credentials, signal }: { readonly credentials: readonly Credentials[]; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const failures = await download(host, [{ url: aptUrl(url), file }], { credentials, signal: limit });
    const failure = failures.get(file);
    if (failure !== undefined) return reasonIn(failure);
    return await access(file).then(
      () => undefined,
      () => 'it was not fetched',
    );
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return `no answer within ${timeoutMs / 1000} s`;
    if (!(error instanceof IngotError)) throw error;
    return reasonIn(error.message);
  }
}

/**
 * Fetches the signed list of a suite: InRelease, or Release with Release.gpg for a source of a spec that has no InRelease.
 * @param folder absolute, a plain path
 */
export async function fetchRelease(
  host: Host,
  { base, suite }: SuiteAddress,
  { ofSpec, signal }: Pick<DoctorScope, 'ofSpec' | 'signal'>,
  folder: string,
): Promise<FetchedRelease> {
  const below = isFlat(suite) ? `${base}/${suite.replace(/^\.?\//, '')}` : `${base}/dists/${suite}/`;
  const fetch = (name: string): Promise<string | undefined> =>
    ofSpec === undefined
      ? asTheHost(host, `${below}${name}`, join(folder, name), signal)
      : asTheLock(host, `${below}${name}`, join(folder, name), { ...ofSpec, signal });
  const inline = join(folder, 'InRelease');
  const failure = await fetch('InRelease');
  if (failure === undefined) return { text: await readFile(inline, 'utf8'), signed: [inline] };
  if (ofSpec === undefined || (await fetch('Release')) !== undefined) return { failure };
  const list = join(folder, 'Release');
  const text = await readFile(list, 'utf8');
  const signed = (await fetch('Release.gpg')) === undefined ? [join(folder, 'Release.gpg'), list] : [];
  return { text, signed };
}
