import type { KeyObject } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bootVersions } from '../../boot-test/boot-versions.ts';
import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import { exitCodes, IngotError } from '../../host/ingot-error.ts';
import { publicKey } from '../../version/key-files.ts';
import { type FoundRehearsals, notRehearsed, readRehearsals } from '../../version/rehearsal/rehearsals.ts';
import { rehearsedRoot } from '../../version/rehearsal/rehearsed-root.ts';
import { verifyVersion, type VersionReport } from '../../version/verify-version.ts';
import type { Firmware } from '../../vm/node.ts';
import { keyOf } from '../key-of.ts';
import { withProgress } from '../progress/progress.ts';
import { lackingLines, rehearsalsText } from '../rehearsals-text.ts';
import { verifiedText } from '../verified-text.ts';
import { problemLines, versionReportText } from '../version-report-text.ts';
import type { World } from '../world.ts';

export interface VerifyVersionsOptions {
  /** As the user wrote them, like all paths here. */
  readonly folders: readonly string[];
  /** Files of public keys; one that has signed is enough. */
  readonly keys: readonly string[];
  readonly boot: boolean;
  /** Names of drills that signed statements have to say to have passed; undefined: nothing is demanded. */
  readonly rehearsed: readonly string[] | undefined;
  readonly firmware: Firmware | 'other' | undefined;
  readonly seedKey: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

interface Found {
  readonly report: VersionReport;
  /** The statements about its rehearsals. */
  readonly rehearsals: FoundRehearsals;
  /** Drills that are demanded and that no statement covers. */
  readonly lacking: readonly string[];
  /** What its node answered, where it was booted. */
  readonly booted: VerifiedRole | undefined;
}

const isRefused = ({ report, lacking }: Pick<Found, 'report' | 'lacking'>): boolean =>
  report.problems.length > 0 || lacking.length > 0;

/** The statements about a version; those next to one that is not as it was signed are not read. */
async function rehearsalsOf(
  report: VersionReport,
  keys: readonly KeyObject[],
  wanted: readonly string[] = [],
): Promise<Omit<Found, 'booted'>> {
  const { folder, problems } = report;
  if (problems.length > 0) return { report, rehearsals: { statements: [], refused: [] }, lacking: [] };
  const rehearsals = await readRehearsals(folder, await rehearsedRoot(report), keys);
  return { report, rehearsals, lacking: notRehearsed(rehearsals, wanted) };
}

async function folderOf(world: World, named: string): Promise<string> {
  return realpath(resolve(world.cwd, named)).catch((cause: unknown) => {
    const hint = 'name the folder of a version, e.g. out/master/latest';
    throw new IngotError({ code: 'wrong-input', message: `there is no ${named}`, hint, cause });
  });
}

async function findOut(world: World, options: VerifyVersionsOptions): Promise<Found[]> {
  const { host, signal } = world;
  const keys = await Promise.all(options.keys.map((file) => publicKey(resolve(world.cwd, file))));
  const folders = await Promise.all(options.folders.map((named) => folderOf(world, named)));
  return withProgress({ stream: world.stream, now: () => host.now() }, async (progress) => {
    const reports: VersionReport[] = [];
    for (const folder of folders) {
      const title = `read ${join(basename(dirname(folder)), basename(folder))}`;
      const report = await progress.stage(title, (stage) =>
        verifyVersion(host, folder, {
          keys,
          signal,
          onFile: (path) => {
            stage.note(path);
          },
        }),
      );
      reports.push(report);
    }
    const read = await Promise.all(reports.map((report) => rehearsalsOf(report, keys, options.rehearsed)));
    if (!options.boot || read.some(isRefused)) return read.map((one) => ({ ...one, booted: undefined }));
    const out = resolve(world.cwd, options.out);
    const { firmware } = options;
    const seedKey = await keyOf(world, options.seedKey);
    const accelerator = world.env['INGOT_ACCEL'];
    const request = { folders, firmware, out, accelerator, seedKey, signal };
    const booted = await bootVersions(host, request, progress);
    return read.map((one) => ({ ...one, booted: booted.find(({ role }) => role === one.report.role) }));
  });
}

/** ingot verify DIR: proves versions without any network, and boots them where that is asked; exit 1 if one is refused, and then none is booted. */
export async function verifyVersions(world: World, options: VerifyVersionsOptions): Promise<number> {
  const found = await findOut(world, options);
  if (options.json) {
    const all = found.map(({ report, rehearsals, lacking, booted }) => ({
      ...report,
      ...(rehearsals.statements.length + rehearsals.refused.length === 0 ? {} : { rehearsals }),
      ...(options.rehearsed === undefined ? {} : { notRehearsed: lacking }),
      ...(booted === undefined ? {} : { booted }),
    }));
    world.out(`${JSON.stringify(all, null, 2)}\n`);
  } else
    for (const one of found) {
      if (!isRefused(one)) world.out(versionReportText(one.report) + rehearsalsText(one.rehearsals));
      if (one.booted !== undefined) world.out(verifiedText(one.booted, one.report.folder));
    }
  const refused = found.filter(isRefused);
  const [first] = refused;
  if (first === undefined) return exitCodes.done;
  const name = found.length === 1 ? first.report.folder : `${refused.length} of ${found.length} versions`;
  const altered = refused.some(({ report }) => report.problems.length > 0);
  throw new IngotError({
    code: 'check-failed',
    message: `${name}: refused, because`,
    excerpt: refused.flatMap(({ report, rehearsals, lacking }) => [
      ...problemLines(report, found.length > 1),
      ...lackingLines(report, rehearsals, lacking, found.length > 1),
    ]),
    hint: altered
      ? 'boot nothing of it: take it again from where it was published, and see that the key is the right one'
      : 'rehearse it and sign what was shown: ingot rehearse SPEC --sign KEY (docs/upgrade.md)',
  });
}
