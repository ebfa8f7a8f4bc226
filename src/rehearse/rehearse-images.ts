import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireBootTestKeyOf } from '../boot-test/boot-test-key.ts';
import { bootableDisk } from '../disk/bootable-disk.ts';
import { withLogs } from '../host/failure-notes.ts';
import type { Host } from '../host/host.ts';
import type { ProgressStage } from '../host/progress-stage.ts';
import { projectFolder } from '../host/project-folder.ts';
import { requirePrograms } from '../host/required-programs.ts';
import { serveOnSocket } from '../host/serve-folder.ts';
import { makeTemporaryFolder } from '../host/temporary-folder.ts';
import { loadTemplates } from '../inputs/load-templates.ts';
import { allRoles, type Plan, type Role } from '../inputs/plan/plan.ts';
import type { SeedSettings } from '../inputs/plan/seed-settings.ts';
import { renderNodeSeed } from '../render/render-node-seed.ts';
import { templateText } from '../render/templates.ts';
import { latestVersions, type NamedVersions } from '../store/named-versions.ts';
import { closeRunFolder, openRunFolder, type RunFolder } from '../store/run-folder.ts';
import { schedulerOfVersion } from '../version/scheduler-of-version.ts';
import { signedSeed } from '../version/sign-seed.ts';
import type { Signer } from '../version/signer.ts';
import { type Accelerator, detectAccelerator } from '../vm/accelerator.ts';
import { hostMemory } from '../vm/accelerator-memory.ts';
import { requireMemory } from '../vm/free-memory.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';
import { makeSshKey } from '../vm/ssh-key.ts';
import { allowedDifferences } from './allowed-differences.ts';
import type { ChosenDrills } from './choose-drills.ts';
import { Cluster } from './cluster.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { ClusterSize } from './drill.ts';
import { masterPlaces, prefixLength, slavePlaces } from './place.ts';
import { type DrillOutcome, runDrills } from './run-drills.ts';
import { namedSecrets, rehearsedSettings } from './settings/rehearsed-settings.ts';
import { mesosSecretTexts } from './settings/secret-texts.ts';
import { hasTls, makeTemporaryTls, tlsSecretTexts, withCa } from './settings/temporary-tls.ts';
import { sshConfig } from './ssh-config.ts';
import { watcherProgram } from './watcher-program.ts';

export interface RehearseRequest {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Absolute path of the store, which gets the logs. */
  readonly out: string;
  /** The versions that its nodes boot; by default the latest of the store. */
  readonly versions?: NamedVersions;
  /**
   * The content of a web server for the nodes: path of the URL → absolute folder. With it, a machine keeps running when
   * its node restarts by itself.
   */
  readonly served?: ReadonlyMap<string, string>;
  /** The seed settings of the spec; the rehearsal replaces its secrets by temporary ones. */
  readonly settings: SeedSettings;
  /** Templates of the site's layers, which replace ours. */
  readonly templates?: Plan['templates'];
  readonly size: ClusterSize;
  readonly chosen: ChosenDrills;
  /** The value of INGOT_ACCEL. */
  readonly accelerator: string | undefined;
  /** Signs the seed, for images that accept only signed seeds. */
  readonly seedKey: Signer | undefined;
  readonly signal: AbortSignal;
}

/** How to reach a running node from this host. */
export interface ReachableNode {
  readonly name: string;
  readonly address: string;
  /** Absolute path of an ssh_config(5) with an entry for the node under its name. */
  readonly sshConfig: string;
}

/** The version that a node runs. */
export interface RunningVersion {
  readonly name: string;
  readonly role: Role;
  readonly version: string | null;
  readonly rootHash: string | null;
}

/** The result of a rehearsal. */
export interface Rehearsal {
  readonly outcomes: readonly DrillOutcome[];
  readonly accelerator: Accelerator;
  /** The versions that its nodes booted first. */
  readonly versions: Readonly<Record<Role, { readonly version: string; readonly rootHash: string }>>;
  /** The version that each node reported at the end; only nodes that are on. */
  readonly ran: readonly RunningVersion[];
  /** Absolute path of the folder with consoles and samples, and with the journals after a failure. */
  readonly logs: string;
  /** Nodes that are still running; they end with the rehearsal. */
  readonly nodes: readonly ReachableNode[];
}

export interface RehearseSteps {
  /** Shows the parts of a drill. */
  readonly shown: <T>(work: (progress: ProgressStage) => Promise<T>) => Promise<T>;
  /** Called at the end, while the cluster is still running. */
  readonly afterwards: (rehearsal: Rehearsal) => Promise<void>;
}

/** Shows the parts of a drill, one after the other. */
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

/** An emulated node has one processor and little memory, because all nodes share the few processors of this host. */
const machineOf = (accelerator: Accelerator): QemuMachine =>
  accelerator === 'kvm'
    ? { accelerator, cpus: 2, memoryMiB: 2048 }
    : { accelerator, cpus: 1, memoryMiB: 1280 };

/** A port of a node's loopback interface that needs no rights and that no program of a node uses. */
const webPort = 18_080;

/** What is known before the machines of a rehearsal exist. */
interface RehearsalFacts {
  readonly run: RunFolder;
  /** Absolute path of a folder for sockets, which must be short. */
  readonly folder: string;
  readonly accelerator: Accelerator;
  readonly versions: NamedVersions;
  readonly settings: SeedSettings;
}

async function optionsOf(
  host: Host,
  request: RehearseRequest,
  { run, folder, accelerator, versions, settings }: RehearsalFacts,
): Promise<Omit<ClusterOptions, 'keyFile' | 'seed' | 'say'> & { templates: ReadonlyMap<string, string> }> {
  const { size, signal } = request;
  const templates = await loadTemplates(join(projectFolder, 'templates'), request.templates);
  const disk = (role: Role) =>
    bootableDisk(host, {
      ...{ folder: versions[role].folder, templates, signal },
      work: join(run.work, `${role}.raw`),
    });
  return {
    masters: masterPlaces(size.masters),
    slaves: slavePlaces(size.slaves),
    images: { master: await disk('master'), slave: await disk('slave') },
    machine: { ...machineOf(accelerator), restarts: request.served !== undefined },
    ...(request.served === undefined ? {} : { web: { socket: join(folder, 'web'), port: webPort } }),
    cpusOfFew: 2,
    workFolder: folder,
    logFolder: run.logs,
    watcher: await watcherProgram(
      templateText(templates, 'rehearse/watch.py'),
      join(projectFolder, 'node-tools'),
    ),
    inventory: templateText(templates, 'rehearse/inventory.py'),
    container: templateText(templates, 'rehearse/container.py'),
    allowed: await allowedDifferences(await schedulerOfVersion(versions.master.folder)),
    settings,
    signal,
    templates,
  };
}

/**
 * Boots a cluster of a store's latest images and runs drills with it. No machine outlives the call.
 * @throws IngotError no-image if the store has no images. A failed drill is not thrown: its outcome is passed to
 * `afterwards`
 */
export async function rehearseImages(
  host: Host,
  request: RehearseRequest,
  { shown, afterwards }: RehearseSteps,
): Promise<Rehearsal> {
  requirePrograms();
  const { out } = request;
  const versions = request.versions ?? (await latestVersions(out));
  for (const role of allRoles) await requireBootTestKeyOf(versions[role].folder, request.seedKey);
  await mkdir(out, { recursive: true });
  const run = await openRunFolder(host, out);
  const temporary = await makeTemporaryFolder(run.work);
  const key = await makeSshKey(host, join(temporary.path, 'ops-key'));
  let cluster: Cluster | undefined;
  let web: { close(): Promise<void> } | undefined;
  try {
    const { accelerator, outcomes, opened } = await shown(async (progress) => {
      const kernel = join(versions.master.folder, 'vmlinuz');
      const choice = await detectAccelerator(
        host,
        kernel,
        hostMemory(process.env, join(out, 'runs')),
        request.accelerator,
      );
      progress.begin(choice.reason).end('done');
      const nodes = request.size.masters + request.size.slaves;
      requireMemory(`${nodes} nodes`, nodes * machineOf(choice.accelerator).memoryMiB);
      const random = (): string => randomBytes(24).toString('hex');
      const secrets = mesosSecretTexts(namedSecrets(request.settings), random);
      const tls = hasTls(request.settings) ? await makeTemporaryTls(host, temporary.path) : undefined;
      const settings =
        tls === undefined
          ? rehearsedSettings(request.settings, secrets)
          : rehearsedSettings(withCa(request.settings, tls), new Map([...secrets, ...tlsSecretTexts(tls)]));
      const { templates, ...options } = await optionsOf(host, request, {
        ...{ run, versions, settings },
        ...{ folder: temporary.path, accelerator: choice.accelerator },
      });
      if (request.served !== undefined && options.web !== undefined)
        web = await serveOnSocket(request.served, options.web.socket);
      let parts: Parts | undefined;
      const made = await Cluster.open(host, {
        ...options,
        keyFile: key.privateKeyFile,
        seed: ({ mac, address }, masters) => {
          const files = renderNodeSeed(templates, {
            cluster: request.cluster,
            masters,
            operatorKeys: [key.publicKey],
            // The nodes keep their state on the image's own disk.
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
      return { accelerator: choice.accelerator, outcomes: done, opened: made };
    });
    const on = opened.machines.filter(({ isOn }) => isOn);
    const configFile = join(run.logs, 'ssh_config');
    const reach = on.map(({ place: { name }, ssh }) => ({ name, ssh }));
    await writeFile(configFile, sshConfig(reach, process.execPath));
    const rehearsal: Rehearsal = {
      ...{ outcomes, accelerator, versions, logs: run.logs },
      ran: on.map(({ place: { name, role } }) => {
        const { version = null, rootHash = null } = opened.watch.sampleOf(name) ?? {};
        return { name, role, version, rootHash };
      }),
      nodes: on.map(({ place: { name, address } }) => ({ name, address, sshConfig: configFile })),
    };
    await afterwards(rehearsal);
    return rehearsal;
  } catch (error) {
    throw withLogs(error, run.logs);
  } finally {
    await cluster?.close();
    await web?.close();
    await key.remove();
    await temporary.remove();
    await closeRunFolder(host, run);
  }
}
