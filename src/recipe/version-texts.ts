import type { VersionText } from '../assemble/artifacts.ts';
import { bootRecordText, type BootRecord } from '../assemble/boot-record.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import { imageArguments, renderNetboot, renderSlot } from '../render/render-boot.ts';
import type { Templates } from '../render/templates.ts';

/** What is known of a version only once its root is sealed. */
export type SealedFacts = Pick<BootRecord, 'version' | 'rootHash' | 'rootBytes' | 'memoryMiB'>;

/** Texts that are generated from the plan for every version, and those of its netboot folder; paths are below the version's folder. */
export function versionTexts(
  templates: Templates,
  { targets }: Plan,
  { role, kernelArguments }: RolePlan,
  sealed: SealedFacts,
): readonly VersionText[] {
  const { version, rootHash, rootBytes, memoryMiB } = sealed;
  const context = { title: `ingot-${role}-${version}`, version, rootHash, kernelArguments };
  const record = bootRecordText({
    schema: 1,
    ...{ role, version, rootHash, rootBytes },
    kernelArguments: imageArguments(context),
    memoryMiB,
  });
  const texts = [
    { path: 'slot.cfg', content: renderSlot(templates, context) },
    { path: 'boot.json', content: record },
  ];
  if (!targets.includes('netboot')) return texts;
  const scripts = renderNetboot(templates, { ...context, memoryMiB });
  return [...texts, ...scripts.map(({ path, content }) => ({ path: `netboot/${path}`, content }))];
}
