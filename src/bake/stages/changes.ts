import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ProgressStage } from '../../host/progress-stage.ts';
import type { Templates } from '../../render/templates.ts';
import type { Accelerator } from '../../vm/accelerator.ts';
import type { GuestRole } from '../build/composed-tree.ts';
import { belowProject, dateInput, projectFiles, renderedTexts, settingInputs } from '../keys/input-labels.ts';
import { emulatorPrograms } from '../keys/program-groups.ts';
import type { BakeEvent } from '../packer/events.ts';
import type { JointStageDefinition, StageWorkspace } from './stage-definition.ts';
import { tree } from './tree.ts';

interface ChangesGiven extends GuestRole {
  readonly templates: Templates;
  readonly accelerator: Accelerator;
  /** Shows Packer's events. */
  readonly showBake: (stage: ProgressStage) => (event: BakeEvent) => void;
  /** Keeps a guest in which a step has failed. */
  readonly hold: ((what: string) => Promise<void>) | undefined;
}

/** A kept guest ends before Packer gives up on it. */
const keepMinutes = 90;

const changesName = 'changes.tar';

/** Boots the build guests of some roles under Packer and runs their steps. */
async function runGuests(guests: readonly ChangesGiven[], work: StageWorkspace): Promise<void> {
  const { makeSshKey } = await import('../../vm/ssh-key.ts');
  const { preparePacker } = await import('../build/prepare-packer.ts');
  const { runPacker } = await import('../packer/packer.ts');
  const { host, plan, run, signal, progress } = work;
  const [first] = guests;
  if (first === undefined) return;
  const { writeGuestRecord } = await import('../../vm/guest-record.ts');
  const { readyPacker } = await import('../packer/installed-packer.ts');
  const { release, env } = await readyPacker(host);
  const { templates, accelerator, showBake, hold } = first;
  const key = await makeSshKey(host, join(run.work, 'bake-key'));
  let close = (): void => undefined;
  try {
    const packer = await preparePacker(host, {
      ...{ plan, roles: guests, templates, run, key, accelerator, release, signal },
      keepMinutes: hold === undefined ? 0 : keepMinutes,
    });
    close = packer.close;
    const secrets = [await readFile(key.privateKeyFile, 'utf8')];
    const { hclFile, builds: expectedBuilds } = packer;
    const onPort = (role: string, port: number, networkOf: number | undefined): void => {
      const target = { port, user: 'root', keyFile: key.privateKeyFile };
      // Without it, only ingot shell does not find the guest.
      void writeGuestRecord(run.work, role, {
        what: 'build guest',
        target: networkOf === undefined ? target : { ...target, networkOf },
      }).catch(() => undefined);
    };
    const packerRun = {
      ...{ hclFile, runFolder: run.logs, expectedBuilds, secrets, env, signal, onPort },
      hold:
        hold && ((role: string, step: string) => hold(`ingot shell ${role} shows why: step ${step} failed`)),
    };
    await runPacker(host, packerRun, showBake(progress));
  } finally {
    close();
    await key.remove();
  }
}

/** The changes that a role's build guest made to its tree: the absolute path of a file that begins with a tar. */
export const changes: JointStageDefinition<ChangesGiven, string> = {
  name: 'changes',
  after: [tree],
  programs: ['openssh-client', 'packer', ...emulatorPrograms, 'xorriso'],
  rendered: ['packer/', 'cloud-init/build/'],
  inputs: (material, role) => {
    const { plan } = material;
    const steps = role.steps.map(({ folder }) => `${belowProject(material, folder)}/`);
    return {
      ...projectFiles(material, ...steps, 'templates/packer/', 'templates/cloud-init/build/'),
      ...settingInputs({
        'guest cpus': String(plan.guest.cpus),
        'guest memory': `${plan.guest.memoryMiB} MiB`,
        'kernel arguments': role.kernelArguments.join(' '),
        date: dateInput(plan),
      }),
      ...renderedTexts(material, role, 'changes'),
    };
  },
  title: 'bake',
  takes: ({ guest: { cpus, memoryMiB } }, { length }) => ({
    processors: length * cpus,
    memoryMiB: length * memoryMiB,
  }),
  line: 'bake',
  makeTogether: async (guests, work) => {
    await runGuests(guests, work);
    const { copyChanges } = await import('../seal/copy-changes.ts');
    const files: string[] = [];
    for (const { role } of guests) {
      const file = join(work.run.work, 'cache', `${role.role}-${changesName}`);
      await mkdir(dirname(file), { recursive: true });
      await copyChanges(join(work.run.work, role.role, 'packer', 'disk-1'), file);
      files.push(file);
    }
    return files;
  },
  keep: (file) => ({ files: { [changesName]: file }, meta: null }),
  restore: ({ folder }) => join(folder, changesName),
};
