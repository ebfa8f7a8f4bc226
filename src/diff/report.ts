import type { ImageDiff } from './image-diff.ts';
import type { Report } from './report-parts.ts';
import { bootSection } from './sections/boot.ts';
import { configurationSection } from './sections/configuration.ts';
import { filesSection } from './sections/files.ts';
import { packagesSection } from './sections/packages.ts';
import { securitySection } from './sections/security.ts';
import { sizesSection } from './sections/sizes.ts';
import { unitsSection } from './sections/units.ts';

/**
 * Creates the content of a report, which is the same in every format.
 * @param all include every path, owner and CVE number, not only the first 20
 */
export function reportOf(diff: ImageDiff, all: boolean): Report {
  const { before, after, same, root, packages, security } = diff;
  const title = `${before.title} → ${after.title}`;
  if (same) return { title: before.title, summary: ['the same'], sections: [] };
  const cves = new Set(security.flatMap((one) => one.cves)).size;
  const summary = [
    packages.length === 0 ? 'the same packages' : packagesLine(diff),
    ...(cves === 0 ? [] : [`security fixes by the packages' changelogs: ${cves} CVE numbers`]),
    ...(root === undefined ? [] : [filesLine(root.paths)]),
  ];
  const sections = [
    packagesSection(packages),
    securitySection(security, all),
    ...(root === undefined
      ? []
      : [
          bootSection(root),
          unitsSection(root.units),
          configurationSection(root.configuration),
          filesSection(root.paths.list, all),
          sizesSection(root.sizes, all),
        ]),
  ];
  return { title, summary, sections: sections.filter((one) => one !== undefined) };
}

function packagesLine({ packages, before, after }: ImageDiff): string {
  const kinds = ['upgraded', 'downgraded', 'added', 'removed', 'rebuilt'] as const;
  const counts = kinds.flatMap((kind) => {
    const count = packages.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return `packages: ${counts.join(', ')} (${before.packages} → ${after.packages})`;
}

function filesLine(paths: NonNullable<ImageDiff['root']>['paths']): string {
  const { added, removed, changed, timesOnly } = paths;
  const times = timesOnly === 0 ? '' : `; ${timesOnly} more differ only in their time`;
  return `files: ${changed} changed, ${added} added, ${removed} removed${times}`;
}
