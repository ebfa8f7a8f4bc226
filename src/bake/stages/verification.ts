import type { VerifiedRole } from '../../boot-test/verify-cluster.ts';
import type { Role } from '../../inputs/plan/plan.ts';
import { roles } from '../../inputs/roles.ts';
import type { Templates } from '../../render/templates.ts';
import type { Signer } from '../../version/signer.ts';
import type { Accelerator } from '../../vm/accelerator.ts';
import { digest, projectFiles, renderedTexts, settingInputs } from '../keys/input-labels.ts';
import { emulatorPrograms } from '../keys/program-groups.ts';
import { artifacts } from './artifacts.ts';
import type { JointStageDefinition } from './stage-definition.ts';
import { metaOf, valueOf } from './stage-meta.ts';

/** The settings of the boot test that several roles share. */
interface BootTest {
  readonly templates: Templates;
  readonly accelerator: Accelerator;
  /** Absolute folder of the master that this bake builds, if there is one; otherwise that of the store. */
  readonly master: string | undefined;
  /** Absolute path of the store. */
  readonly out: string;
  /** Signs the seed of the boot test, for images that trust only signed ones. */
  readonly seedKey: Signer | undefined;
  /** Keeps the nodes after one has failed. */
  readonly hold: ((what: string) => Promise<void>) | undefined;
}

interface VerificationGiven {
  readonly role: Role;
  /** Absolute folder of the staged image. */
  readonly folder: string;
  readonly test: BootTest;
}

/** Boots the images; its output is the results of their checks. */
export const verification: JointStageDefinition<VerificationGiven, VerifiedRole> = {
  name: 'verification',
  after: [artifacts],
  // A slave is tested with the master's disk.
  afterMaster: [artifacts],
  ofImage: true,
  programs: ['openssh-client', 'ovmf', ...emulatorPrograms, 'xorriso'],
  texts: (of) => {
    const { needs } = roles[of.role].bootTest;
    return [...(needs === undefined ? [] : of.seed(needs)), ...of.seed(of.role)];
  },
  inputs: (material, role) => {
    const { cluster, guest } = material.plan;
    return {
      ...projectFiles(material, 'templates/cloud-init/node/'),
      ...Object.fromEntries(
        role.checks.map((check) => [`check ${check.name}`, digest(JSON.stringify(check))]),
      ),
      ...settingInputs({
        cluster,
        firmware: material.firmware[role.role],
        'guest cpus': String(guest.cpus),
        'guest memory': `${guest.memoryMiB} MiB`,
      }),
      ...renderedTexts(material, role, 'verification'),
    };
  },
  title: 'verify',
  // A slave never boots without a master.
  takes: ({ guest: { cpus, memoryMiB } }, tested) => {
    const nodes = new Set(tested.flatMap((role) => [role, roles[role].bootTest.needs ?? role])).size;
    return { processors: nodes * cpus, memoryMiB: nodes * memoryMiB };
  },
  line: 'verify',
  makeTogether: async (images, { host, plan, run, signal, progress }) => {
    const { bakeFirmware: firmware } = await import('../../boot-test/firmware.ts');
    const { verifyDisks } = await import('../../boot-test/verify-disks.ts');
    const [first] = images;
    if (first === undefined) return [];
    const versions = images.map(({ role, folder }) => ({ role, folder }));
    const { hold: keep, ...test } = first.test;
    const hold =
      keep &&
      ((error: unknown) =>
        keep(`ingot shell ROLE shows why: ${error instanceof Error ? error.message : 'a node failed'}`));
    const answers = await verifyDisks(
      host,
      { plan, run, signal, firmware, versions, hold, ...test },
      progress,
    );
    return images.map(({ role }) => {
      const answer = answers.find((one) => one.role === role);
      if (answer === undefined) throw new Error(`${role} was not verified`);
      return answer;
    });
  },
  keep: (answer) => ({ files: {}, meta: metaOf(answer) }),
  restore: ({ meta }) => valueOf(meta) as VerifiedRole,
};
