import type { Contribution, FetchedLayer, Plan, SiteLayer } from './plan.ts';

/** How many of a kind of thing a layer adds, in words; other kinds are counted by their label. */
const things: Readonly<Record<string, string>> = {
  packages: 'package',
  files: 'file',
  templates: 'template',
  modules: 'module',
  sysctls: 'sysctl',
  'kernel arguments': 'kernel argument',
  steps: 'step',
  'units on': 'unit',
  'units masked': 'masked unit',
  'set-user-id': 'set-user-id program',
  checks: 'check',
};

function whom(role: Contribution['role']): string {
  return role === null ? 'every node' : `${role}s`;
}

/** Returns where a layer was fetched from: "https://git.example.org/site.git v1.4.0 (commit 1f2e3d4c5b6a)". */
export function fetchedFrom({ git, archive, ref, commit, sha256, folder }: FetchedLayer): string {
  const words = [
    ...[git ?? archive, ref, commit && `(commit ${commit.slice(0, 12)})`],
    ...[sha256 && `(sha256 ${sha256.slice(0, 12)})`, folder && `folder ${folder}`],
  ];
  return words.filter((word) => word !== undefined).join(' ');
}

function fetchedLayerOf({ fetchedLayers = [] }: Plan, from: string): FetchedLayer | undefined {
  return fetchedLayers.find(({ name }) => from === name || from.startsWith(`${name}/`));
}

/** Returns what a layer adds as one phrase: "site (every node): 1 package, 3 files". */
function summary({ from, role, adds }: Contribution): string {
  const counts = Object.entries(adds).map(([label, words]) => {
    const thing = things[label] ?? label;
    return `${words.length} ${thing}${words.length === 1 ? '' : 's'}`;
  });
  return `${from} (${whom(role)}): ${counts.length === 0 ? 'nothing' : counts.join(', ')}`;
}

/** Returns one line for each layer of the spec, in their order. */
export function layerSummaries(plan: Plan): string[] {
  const { contributions = [], siteLayers = [] } = plan;
  const isLayer = (from: string): boolean => siteLayers.some(({ name }) => name === from);
  return contributions
    .filter(({ from }) => isLayer(from))
    .map((one) => {
      const fetched = fetchedLayerOf(plan, one.from);
      return `${summary(one)}${fetched === undefined ? '' : `; from ${fetchedFrom(fetched)}`}`;
    });
}

/** A heading, and what comes from there: label → words. */
interface ContributedSection {
  readonly heading: string;
  readonly adds: Contribution['adds'];
}

/** Returns a section for each layer and each section of the spec that adds units or checks. */
export function contributedSections(plan: Plan): ContributedSection[] {
  const { contributions = [], siteLayers = [] } = plan;
  const heading = ({ from, role }: Contribution): string => {
    const layer: SiteLayer | undefined = siteLayers.find(({ name }) => name === from);
    if (layer === undefined) return `from ${from}`;
    const fetched = fetchedLayerOf(plan, from);
    const where = fetched === undefined ? '' : ` (${fetchedFrom(fetched)})`;
    return `from the layer ${from}${where}, for ${whom(role)}${layer.replace ? ', which may replace files' : ''}`;
  };
  return contributions.map((one) => ({ heading: heading(one), adds: one.adds }));
}
