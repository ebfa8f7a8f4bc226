import type { VersionText } from '../../disk/artifacts.ts';
import type { Plan, RolePlan } from '../../inputs/plan/plan.ts';
import { bootContextOf, imageArguments, renderSlot } from '../../render/render-boot.ts';
import type { Templates } from '../../render/templates.ts';
import {
  type BootFacts,
  bootRecordName,
  bootRecordText,
  type VersionOrigin,
} from '../../version/boot-record.ts';
import { dateText } from '../../version/manifest.ts';

/** The properties of a version that are known only after its root is sealed. */
export type SealedFacts = Pick<BootFacts, 'version' | 'rootHash' | 'rootBytes' | 'memoryMiB'> &
  Pick<VersionOrigin, 'production'>;

/** Renders the texts of a version from the plan; paths are below the version's folder. */
export function versionTexts(
  templates: Templates,
  plan: Plan,
  rolePlan: RolePlan,
  sealed: SealedFacts,
): readonly VersionText[] {
  const { version, rootHash, rootBytes, memoryMiB, production } = sealed;
  const context = bootContextOf(rolePlan, sealed);
  const record = bootRecordText({
    schema: 2,
    ...{ role: rolePlan.role, version, cluster: plan.cluster, date: dateText(plan.epoch), production },
    ...{ architecture: plan.base.architecture, layout: plan.layout, scheduler: plan.scheduler },
    ...{ rootHash, rootBytes },
    kernelArguments: imageArguments(context),
    memoryMiB,
  });
  return [
    { path: 'slot.cfg', content: renderSlot(templates, context) },
    { path: bootRecordName, content: record },
  ];
}
