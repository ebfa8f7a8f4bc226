import { randomBytes, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IngotError } from '../errors/ingot-error.ts';
import { proveAccelerator, type Accelerator } from '../host/accelerator.ts';
import { requireMemory } from '../host/free-memory.ts';
import type { Host } from '../host/host.ts';
import { loadTemplates } from '../host/load-templates.ts';
import type { QemuMachine } from '../host/qemu-machine.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { makeSshKey } from '../host/ssh-key.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import { allRoles, type Role } from '../plan/plan.ts';
import type { SeedSettings } from '../plan/seed-settings.ts';
import type { ChosenDrills } from '../rehearse/choose-drills.ts';
import type { ClusterOptions } from '../rehearse/cluster-options.ts';
import { Cluster } from '../rehearse/cluster.ts';
import type { ClusterSize } from '../rehearse/drill.ts';
import { masterPlaces, prefixLength, slavePlaces } from '../rehearse/place.ts';
import { namedSecrets, rehearsedSettings } from '../rehearse/settings/rehearsed-settings.ts';
import { mesosSecretTexts } from '../rehearse/settings/secret-texts.ts';
import { sshConfig } from '../rehearse/ssh-config.ts';
import { watcherProgram } from '../rehearse/watcher-program.ts';
import { runDrills, type DrillOutcome } from '../rehearse/run-drills.ts';
import { signedSeed } from '../release/sign-seed.ts';
import { renderNodeSeed } from '../render/render-node-seed.ts';
import { templateText } from '../render/templates.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { allowedDifferences } from './allowed-differences.ts';
import { bootableDisk } from './bootable-disk.ts';
import type { ProgressStage } from './progress-stage.ts';
import { projectFolder } from './project-folder.ts';
import { requireProofKeyOf } from './proof-key.ts';
import { schedulerOfStore } from './scheduler-of-store.ts';

export interface RehearseRequest {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Absolute path of the store whose latest images are rehearsed. */
  readonly out: string;
  /** What the seed of the spec says; its secrets are replaced by others, made for the rehearsal. */
  readonly settings: SeedSettings;
  readonly size: ClusterSize;
  readonly chosen: ChosenDrills;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  /** Signs the seed, for images that believe signed ones alone. */
  readonly seedKey: KeyObject | undefined;
  readonly signal: AbortSignal;
}

/** How a node that runs is reached from this host. */
export interface ReachableNode {
  readonly name: string;
  readonly address: string;
  /** Absolute path of an ssh_config(5) that knows the node by its name. */
  readonly sshConfig: string;
}

/** What a rehearsal has shown. */
export interface Rehearsal {
  readonly outcomes: readonly DrillOutcome[];
  readonly accelerator: Accelerator;
  /** Root hash of each role's version, and its name. */
  readonly versions: Readonly<Record<Role, { readonly version: string; readonly rootHash: string }>>;
  /** Absolute folder of consoles, looks, and the journals after a failure. */
  readonly logs: string;
  /** Nodes that run still; they end with the rehearsal. */
  readonly nodes: readonly ReachableNode[];
}

export interface RehearseSteps {
  /** Shows what is done in it. */
  readonly shown: <T>(work: (progress: ProgressStage) => Promise<T>) => Promise<T>;
  /** Called while the cluster still runs. */
  readonly afterwards: (rehearsal: Rehearsal) => Promise<void>;
}

/** Shows what happens in a drill, one part after the other. */
class Parts {
  readonly #stage: ProgressStage;
  #part: ReturnType<ProgressStage['begin']> | undefined;

  constructor(stage: ProgressStage) {
    this.#stage = stage;
  }

  next(title: string): void {
    this.end('done');
    this.#part = this.#stage.begin(title);
  }

  end(result: 'done' | 'failed'): void {
    this.#part?.end(result);
    this.#part = undefined;
  }
}

/** One processor and little memory each, where all of them are emulated by the same few processors. */
const machineOf = (accelerator: Accelerator): QemuMachine =>
  accelerator === 'kvm'
    ? { accelerator, cpus: 2, memoryMiB: 2048 }
    : { accelerator, cpus: 1, memoryMiB: 1280 };

async function versionOf(out: string, role: Role): Promise<{ version: string; rootHash: string }> {
  const file = join(out, role, 'latest', 'boot.json');
  if (!existsSync(file))
    throw new IngotError({
      code: 'wrong-input',
      message: `there is no ${role} image in ${out}`,
      hint: 'bake one, or name another store with --out FOLDER',
    });
  const { version, rootHash } = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
  return { version: version ?? '', rootHash: rootHash ?? '' };
}

async function optionsOf(
  host: Host,
  request: RehearseRequest,
  run: RunFolder,
  folder: string,
  accelerator: Accelerator,
  settings: SeedSettings,
): Promise<Omit<ClusterOptions, 'keyFile' | 'seed' | 'say'> & { templates: ReadonlyMap<string, string> }> {
  const { out, size, signal } = request;
  const templates = await loadTemplates(join(projectFolder, 'templates'));
  const disk = (role: Role) =>
    bootableDisk(host, {
      ...{ folder: join(out, role, 'latest'), templates, signal },
      work: join(run.work, `${role}.raw`),
    });
  return {
    masters: masterPlaces(size.masters),
    slaves: slavePlaces(size.slaves),
    images: { master: await disk('master'), slave: await disk('slave') },
    machine: machineOf(accelerator),
    cpusAlone: 2,
    workFolder: folder,
    logFolder: run.logs,
    watcher: await watcherProgram(
      templateText(templates, 'rehearse/watch.py'),
      join(projectFolder, 'images'),
    ),
    inventory: templateText(templates, 'rehearse/inventory.py'),
    container: templateText(templates, 'rehearse/container.py'),
    allowed: await allowedDifferences(await schedulerOfStore(out)),
    settings,
    signal,
    templates,
  };
}

/**
 * Boots a cluster of a store's latest images and runs drills with it. No machine outlives the call.
 * @throws IngotError wrong-input where the store has no images; the outcome of a drill that fails is in what `afterwards` is given
 */
export async function rehearseImages(
  host: Host,
  request: RehearseRequest,
  { shown, afterwards }: RehearseSteps,
): Promise<Rehearsal> {
  requirePrograms();
  const { out } = request;
  const [master, slave] = await Promise.all(allRoles.map((role) => versionOf(out, role)));
  if (master === undefined || slave === undefined) throw new Error('two roles have two versions');
  for (const role of allRoles) await requireProofKeyOf(join(out, role, 'latest'), request.seedKey);
  await mkdir(out, { recursive: true });
  const run = await openRunFolder(host, out);
  const temporary = await makeTemporaryFolder(run.work);
  const key = await makeSshKey(host, join(temporary.path, 'ops-key'));
  let cluster: Cluster | undefined;
  try {
    const { accelerator, outcomes, opened } = await shown(async (progress) => {
      const kernel = join(out, 'master', 'latest', 'vmlinuz');
      const proof = await proveAccelerator(host, kernel, join(out, 'runs'), request.accelerator);
      progress.begin(proof.reason).end('done');
      const nodes = request.size.masters + request.size.slaves;
      requireMemory(`${nodes} nodes`, nodes * machineOf(proof.accelerator).memoryMiB);
      const random = (): string => randomBytes(24).toString('hex');
      const secrets = mesosSecretTexts(namedSecrets(request.settings), random);
      const settings = rehearsedSettings(request.settings, secrets);
      const { templates, ...options } = await optionsOf(
        ...([host, request, run, temporary.path, proof.accelerator, settings] as const),
      );
      let parts: Parts | undefined;
      const made = await Cluster.open(host, {
        ...options,
        keyFile: key.privateKeyFile,
        seed: ({ mac, address }, masters) => {
          const files = renderNodeSeed(templates, {
            cluster: request.cluster,
            masters,
            operatorKeys: [key.publicKey],
            // State lies on the image's own disk.
            data: null,
            settings,
            network: {
              macAddress: mac,
              address: `${address}/${prefixLength}`,
              gateway: null,
              nameservers: [],
            },
          });
          return signedSeed(files, request.seedKey);
        },
        say: (line) => {
          parts?.next(line);
        },
      });
      cluster = made;
      const done = await progress.stage('rehearse', (rehearsing) =>
        runDrills(made, request.chosen, (name, work) =>
          rehearsing.stage(name, async (stage) => {
            const shownParts = new Parts(stage);
            parts = shownParts;
            try {
              const result = await work();
              shownParts.end('done');
              return result;
            } finally {
              shownParts.end('failed');
            }
          }),
        ),
      );
      if (done.some(({ result }) => result === 'failed'))
        await progress.stage('keep the journals of all nodes', () => made.keepJournals());
      return { accelerator: proof.accelerator, outcomes: done, opened: made };
    });
    const on = opened.machines.filter(({ isOn }) => isOn);
    const configFile = join(run.logs, 'ssh_config');
    const reach = on.map(({ place: { name }, ssh }) => ({ name, ssh }));
    await writeFile(configFile, sshConfig(reach, process.execPath));
    const rehearsal: Rehearsal = {
      ...{ outcomes, accelerator, versions: { master, slave }, logs: run.logs },
      nodes: on.map(({ place: { name, address } }) => ({ name, address, sshConfig: configFile })),
    };
    await afterwards(rehearsal);
    return rehearsal;
  } finally {
    await cluster?.close();
    await key.remove();
    await temporary.remove();
    await closeRunFolder(host, run);
  }
}
