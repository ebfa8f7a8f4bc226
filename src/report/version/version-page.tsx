import { toolVersion } from '../../inputs/plan/tool-version.ts';
import { type PageSection, pageText } from '../look/page.tsx';
import { Bake } from './sections/bake.tsx';
import { Boot } from './sections/boot.tsx';
import { Changes } from './sections/changes.tsx';
import { Checks } from './sections/checks.tsx';
import { Files } from './sections/files.tsx';
import { IdentitySection } from './sections/identity.tsx';
import { Overview } from './sections/overview.tsx';
import { Packages } from './sections/packages.tsx';
import { Sizes } from './sections/sizes.tsx';
import type { VersionReportFacts } from './version-facts.ts';

/** Renders the report of a version as one HTML file. */
export function versionPage(facts: VersionReportFacts): string {
  const { role, version, changes } = facts;
  const sections: PageSection[] = [
    {
      id: 'changes',
      title: changes === undefined ? 'Changes' : `Changes since ${changes.before}`,
      content: <Changes {...facts} />,
    },
    { id: 'sizes', title: 'What is in it', content: <Sizes {...facts} /> },
    { id: 'boot', title: 'Boot', content: <Boot {...facts} /> },
    { id: 'checks', title: 'Checks', content: <Checks {...facts} /> },
    { id: 'bake', title: 'Bake', content: <Bake {...facts} /> },
    { id: 'identity', title: 'Root hash and signatures', content: <IdentitySection {...facts} /> },
    { id: 'files', title: 'Files and logs', content: <Files {...facts} /> },
    { id: 'packages', title: 'Packages', content: <Packages {...facts} /> },
  ];
  return pageText({
    kind: `ingot: report of a ${role} image`,
    title: `${role} ${version}`,
    head: <Overview facts={facts} />,
    sections,
    foot: `Written by ingot ${toolVersion} next to the folder of the version, and no part of it: the version's digests and signatures do not cover this page.`,
  });
}
