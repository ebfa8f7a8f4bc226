import type { SeededFile, SeedSettings } from '../../inputs/plan/seed-settings.ts';
import type { NamedSecrets } from './secret-texts.ts';

/** The folder of a rehearsed node with the texts of the temporary secrets. */
const folder = '/etc/ingot-rehearsal';

/** Settings that are valid only on the site's own network; a rehearsal has an isolated network. */
const siteSettings = ['network', 'timeServers', 'logs'] as const;

const fileOf = (name: string, content: string): SeededFile => ({
  ...{ path: `${folder}/${name}`, mode: '0600', owner: 'root:root' },
  content,
});

/** The secrets that the settings of a spec name. */
export function namedSecrets({ cluster }: SeedSettings): NamedSecrets {
  return (cluster['secrets'] ?? {}) as NamedSecrets;
}

/**
 * The settings of a spec for rehearsed nodes: without those of the site's network, and with a temporary text for each
 * secret. The seed contains the text in a file, and the secret is the command that prints the file.
 * @param texts name of a secret → its text; a secret without a text is omitted
 */
export function rehearsedSettings(settings: SeedSettings, texts: ReadonlyMap<string, string>): SeedSettings {
  const named = namedSecrets(settings);
  const known = Object.entries(named).filter(([name]) => texts.has(name));
  const secrets = Object.fromEntries(
    known.map(([name, { principal }]) => [
      name,
      { ...(principal === undefined ? {} : { principal }), command: ['/usr/bin/cat', `${folder}/${name}`] },
    ]),
  );
  const others = Object.entries(settings.cluster).flatMap(([key, value]) => {
    if ((siteSettings as readonly string[]).includes(key) || key === 'secrets') return [];
    if (key !== 'agents') return [[key, value] as const];
    // No rehearsed node has an address of the site.
    const everybody = (value as readonly object[]).filter((entry) => !('addresses' in entry));
    return everybody.length === 0 ? [] : [[key, everybody] as const];
  });
  return {
    cluster: { ...Object.fromEntries(others), ...(known.length === 0 ? {} : { secrets }) },
    files: [...settings.files, ...known.map(([name]) => fileOf(name, texts.get(name) ?? ''))],
  };
}
