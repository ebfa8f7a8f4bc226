import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { IngotError, exitCodes } from '../../errors/ingot-error.ts';
import { bootVersions } from '../../recipe/boot-versions.ts';
import { publicKey } from '../../release/key-files.ts';
import { verifyVersion, type VersionReport } from '../../release/verify-version.ts';
import type { Firmware } from '../../verify/node.ts';
import type { VerifiedRole } from '../../verify/verify-cluster.ts';
import { keyOf } from '../key-of.ts';
import { withProgress } from '../progress/progress.ts';
import { verifiedText } from '../verified-text.ts';
import { problemLines, versionReportText } from '../version-report-text.ts';
import type { World } from '../world.ts';

export interface VerifyVersionsOptions {
  /** As the user wrote them, like all paths here. */
  readonly folders: readonly string[];
  /** Files of public keys; one that has signed is enough. */
  readonly keys: readonly string[];
  readonly boot: boolean;
  readonly firmware: Firmware | 'other' | undefined;
  readonly seedKey: string | undefined;
  readonly out: string;
  readonly json: boolean;
}

interface Found {
  readonly report: VersionReport;
  /** What its node answered, where it was booted. */
  readonly booted: VerifiedRole | undefined;
}

const isRefused = ({ problems }: VersionReport): boolean => problems.length > 0;

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
    if (!options.boot || reports.some(isRefused))
      return reports.map((report) => ({ report, booted: undefined }));
    const out = resolve(world.cwd, options.out);
    const { firmware } = options;
    const seedKey = await keyOf(world, options.seedKey);
    const accelerator = world.env['INGOT_ACCEL'];
    const request = { folders, firmware, out, accelerator, seedKey, signal };
    const booted = await bootVersions(host, request, progress);
    return reports.map((report) => ({ report, booted: booted.find(({ role }) => role === report.role) }));
  });
}

/** ingot verify DIR: proves versions without any network, and boots them where that is asked; exit 1 if one is refused, and then none is booted. */
export async function verifyVersions(world: World, options: VerifyVersionsOptions): Promise<number> {
  const found = await findOut(world, options);
  if (options.json) {
    const all = found.map(({ report, booted }) => (booted === undefined ? report : { ...report, booted }));
    world.out(`${JSON.stringify(all, null, 2)}\n`);
  } else
    for (const { report, booted } of found) {
      if (!isRefused(report)) world.out(versionReportText(report));
      if (booted !== undefined) world.out(verifiedText(booted, report.folder));
    }
  const refused = found.map(({ report }) => report).filter(isRefused);
  const [first] = refused;
  if (first === undefined) return exitCodes.done;
  const name = found.length === 1 ? first.folder : `${refused.length} of ${found.length} versions`;
  throw new IngotError({
    code: 'check-failed',
    message: `${name}: refused, because`,
    excerpt: refused.flatMap((report) => problemLines(report, found.length > 1)),
    hint: 'boot nothing of it: take it again from where it was published, and see that the key is the right one',
  });
}
