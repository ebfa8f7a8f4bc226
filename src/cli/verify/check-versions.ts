import type { KeyObject } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { IngotError } from '../../host/ingot-error.ts';
import { refuseDevVersion } from '../../version/dev-version.ts';
import { publicKey } from '../../version/key-files.ts';
import { type FoundRehearsals, missingDrills, readRehearsals } from '../../version/rehearsal/rehearsals.ts';
import { rehearsedRoot } from '../../version/rehearsal/rehearsed-root.ts';
import { type CheckedBundles, checkSigstore } from '../../version/sigstore/check-sigstore.ts';
import { verifyVersion, type VersionReport } from '../../version/verify-version.ts';
import type { Stage } from '../progress/stage.ts';
import type { verifyShape } from '../shapes/test-shapes.ts';
import { namedVersionFolder } from '../shared/folder-of.ts';
import type { DocumentOf } from '../shared/json-text.ts';
import type { World } from '../world.ts';
import { missingDrillLines, rehearsalsText } from './rehearsals-text.ts';
import { problemLines, versionReportText } from './text.ts';

/** The result of verifying a version, and of its Sigstore bundles if it has some. */
export interface BundledReport extends VersionReport {
  readonly sigstore?: Pick<CheckedBundles, 'bundles' | 'verifiedBy'>;
}

/** A version, with the results for its files and for the signed statements about it. */
export interface CheckedVersion {
  readonly report: BundledReport;
  /** The statements about its rehearsals. */
  readonly rehearsals: FoundRehearsals;
  /** Drills that are required and that no statement covers. */
  readonly missing: readonly string[];
}

export interface CheckRequest {
  /** Folders as the user wrote them, like all paths here. */
  readonly folders: readonly string[];
  /** Files of public keys. */
  readonly keys: readonly string[];
  /** How many of them must have signed; default: one. */
  readonly threshold?: number | undefined;
  /** Drills that signed statements must show as passed; undefined: none is required. */
  readonly rehearsed: readonly string[] | undefined;
}

/** Whether a version must not be used. */
export const isRefused = ({ report, missing }: CheckedVersion): boolean =>
  report.problems.length > 0 || missing.length > 0;

/** Reads the statements about a version. They are not read if the version is not as it was signed. */
async function rehearsalsOf(
  report: BundledReport,
  keys: readonly KeyObject[],
  wanted: readonly string[] = [],
): Promise<CheckedVersion> {
  const { folder, problems } = report;
  if (problems.length > 0) return { report, rehearsals: { statements: [], refused: [] }, missing: [] };
  const rehearsals = await readRehearsals(folder, await rehearsedRoot(report), keys);
  return { report, rehearsals, missing: missingDrills(rehearsals, wanted) };
}

/** Checks the Sigstore bundles next to a version that is as it was signed. */
async function withBundles(
  report: VersionReport,
  keys: readonly KeyObject[],
  progress: Stage,
): Promise<BundledReport> {
  const { folder } = report;
  return progress.stage(`read the Sigstore bundles of ${basename(folder)}`, async (stage) => {
    const { bundles, verifiedBy, problems } = await checkSigstore(folder, keys, (path) => {
      stage.note(path);
    });
    const found = bundles === 0 ? {} : { sigstore: { bundles, verifiedBy } };
    return { ...report, ...found, problems };
  });
}

/**
 * Reads every file of versions, their signatures and the statements about them.
 * @throws IngotError wrong-key for a key that cannot be read, or a path that is not a folder; not-publishable for a
 *   development version
 */
export async function checkVersions(
  world: World,
  request: CheckRequest,
  progress: Stage,
): Promise<CheckedVersion[]> {
  const { host, signal } = world;
  const keys = await Promise.all(request.keys.map((file) => publicKey(resolve(world.cwd, file))));
  const folders = await Promise.all(request.folders.map((named) => namedVersionFolder(world, named)));
  for (const folder of folders) await refuseDevVersion(folder);
  const reports: BundledReport[] = [];
  for (const folder of folders) {
    const title = `read ${join(basename(dirname(folder)), basename(folder))}`;
    const report = await progress.stage(title, (stage) =>
      verifyVersion(host, folder, {
        keys,
        threshold: request.threshold,
        signal,
        onFile: (path) => {
          stage.note(path);
        },
      }),
    );
    reports.push(report.problems.length > 0 ? report : await withBundles(report, keys, progress));
  }
  return Promise.all(reports.map((report) => rehearsalsOf(report, keys, request.rehearsed)));
}

/** The JSON form of a checked version. */
export function checkedData(
  { report, rehearsals, missing }: CheckedVersion,
  rehearsed: readonly string[] | undefined,
): DocumentOf<typeof verifyShape>['versions'][number] {
  return {
    ...report,
    ...(rehearsals.statements.length + rehearsals.refused.length === 0 ? {} : { rehearsals }),
    ...(rehearsed === undefined ? {} : { notRehearsed: missing }),
  };
}

/** The text about a version that is not refused. */
export const checkedText = ({ report, rehearsals }: CheckedVersion): string =>
  versionReportText(report) + rehearsalsText(rehearsals);

/**
 * Checks that no version is refused.
 * @throws IngotError damaged-version that states why, if versions are refused
 */
export function requireNotRefused(checked: readonly CheckedVersion[]): void {
  const refused = checked.filter(isRefused);
  const [first] = refused;
  if (first === undefined) return;
  const several = checked.length > 1;
  const name = several ? `${refused.length} of ${checked.length} versions` : first.report.folder;
  const altered = refused.some(({ report }) => report.problems.length > 0);
  throw new IngotError({
    code: 'damaged-version',
    message: `${name}: refused, because`,
    excerpt: refused.flatMap(({ report, rehearsals, missing }) => [
      ...problemLines(report, several),
      ...missingDrillLines(report, rehearsals, missing, several),
    ]),
    hint: altered
      ? 'do not boot it: copy it again from where it was published, and check that the key is the right one'
      : 'rehearse it and sign the result: ingot rehearse SPEC --sign KEY (docs/upgrade.md)',
  });
}
