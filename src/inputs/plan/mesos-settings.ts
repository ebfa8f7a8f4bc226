import type { MesosSection } from '../cluster-spec/mesos/mesos-schema.ts';
import { resourcesText } from '../cluster-spec/mesos/resources.ts';
import type { SeedSection } from '../cluster-spec/seed-schema.ts';

type Given = MesosSection['master'][string];

/** Returns what Mesos reads for a value: JSON on one line, true or false, or the text itself. */
export function flagText(value: Given): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const texts = (flags: MesosSection['master']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, flagText(value)]));

const full = (all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(all).filter(
      ([, value]) => typeof value === 'string' || Object.keys(value as object).length > 0,
    ),
  );

/** A folder that never exists (Debian Policy Manual, 9.2.3), so a master finds no files of a web interface in it. */
const noWebInterface = '/nonexistent';

/** Returns the section in the format of /etc/ingot/cluster.json, without keys that are not set. */
export function mesosSettings(section: MesosSection): Readonly<Record<string, unknown>> {
  const { master, agent, networks, quotas, webInterface } = section;
  const web = webInterface ? {} : { webui_dir: noWebInterface };
  return full({ master: { ...texts(master), ...web }, agent: texts(agent), networks, quotas });
}

/** Returns attributes and resources of agents in the format of cluster.json. */
export function agentSettings(agents: SeedSection['agents']): readonly Readonly<Record<string, unknown>>[] {
  return agents.map(({ addresses, attributes, resources }) => ({
    ...(addresses === undefined ? {} : { addresses }),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
    ...(resources === undefined ? {} : { resources: resourcesText(resources) }),
  }));
}
