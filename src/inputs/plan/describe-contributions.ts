import type { Contribution, Plan, SiteLayer } from './plan.ts';

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

/** Returns what a layer adds as one phrase: "site (every node): 1 package, 3 files". */
function summary({ from, role, adds }: Contribution): string {
  const counts = Object.entries(adds).map(([label, words]) => {
    const thing = things[label] ?? label;
    return `${words.length} ${thing}${words.length === 1 ? '' : 's'}`;
  });
  return `${from} (${whom(role)}): ${counts.length === 0 ? 'nothing' : counts.join(', ')}`;
}

/** Returns one line for each layer of the spec, in their order. */
export function layerSummaries({ contributions = [], siteLayers = [] }: Plan): string[] {
  const isLayer = (from: string): boolean => siteLayers.some(({ name }) => name === from);
  return contributions.filter(({ from }) => isLayer(from)).map(summary);
}

/** A heading, and what comes from there: label → words. */
interface ContributedSection {
  readonly heading: string;
  readonly adds: Contribution['adds'];
}

/** Returns a section for each layer and each section of the spec that adds units or checks. */
export function contributedSections({ contributions = [], siteLayers = [] }: Plan): ContributedSection[] {
  const heading = ({ from, role }: Contribution): string => {
    const layer: SiteLayer | undefined = siteLayers.find(({ name }) => name === from);
    if (layer === undefined) return `from ${from}`;
    return `from the layer ${from}, for ${whom(role)}${layer.replace ? ', which may replace files' : ''}`;
  };
  return contributions.map((one) => ({ heading: heading(one), adds: one.adds }));
}
