import { join } from 'node:path';
import { countText } from '../../host/count-text.ts';
import type { VersionReport } from '../../version/verify-version.ts';

const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MiB`;

/** A path that is safe to print: a name may contain any byte. */
const shown = (path: string): string => (/^[\x20-\x7e]*$/.test(path) ? path : JSON.stringify(path));

interface BundleCount {
  readonly bundles: number;
  /** Ids of keys. */
  readonly verifiedBy: readonly string[];
}

const bundlesText = ({ bundles, verifiedBy }: BundleCount): string => {
  const by = verifiedBy.map((id) => id.slice(0, 12)).join(', ');
  return `  Sigstore   ${countText(bundles, 'bundle')} about these files; signatures verified: ${by === '' ? 'none (other keys)' : by}`;
};

/** The text about a version that is as it was signed. */
export function versionReportText(report: VersionReport & { readonly sigstore?: BundleCount }): string {
  const { folder, role, version, rootHash, signedBy, files, bytes, sigstore } = report;
  return [
    `${folder}: ${role ?? ''} ${version ?? ''}, as it was signed`,
    ...signedBy.map((id) => `  signed by  ${id}`),
    `  root hash  ${rootHash ?? ''}`,
    `  read       ${files} files, ${mebibytes(bytes)}`,
    ...(sigstore === undefined ? [] : [bundlesText(sigstore)]),
    '',
  ].join('\n');
}

/**
 * The problems of a version, one line per file. Files are named relative to the version's folder, or with the full
 * path.
 */
export function problemLines({ folder, problems }: VersionReport, fullPaths: boolean): string[] {
  return problems.map(({ file, why }) => {
    if (file === '') return `${shown(folder)} ${why}`;
    return `${shown(fullPaths ? join(folder, file) : file)} ${why}`;
  });
}
