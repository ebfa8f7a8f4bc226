import type { Role } from '../../inputs/plan/plan.ts';
import type { Cluster } from '../cluster.ts';
import type { Drill, DrillResult } from '../drill.ts';
import { drillFailure } from '../drill-failure.ts';
import { agree } from '../drills/agree.ts';
import { driftDrill } from '../drills/drift.ts';
import { leaderOf } from '../drills/leader.ts';
import { rise } from '../drills/rise.ts';
import type { RehearsedPlace } from '../place.ts';
import { Journal } from './journal.ts';
import { measureUpgrade, type UpgradeMeasure } from './measure/measure-upgrade.ts';
import { defaultWave, nextStep, type Procedure, type UpgradeStep } from './procedure.ts';
import { fallBack, type StepTools, updateMaster, updateSlaves } from './steps.ts';
import { upgradeTable } from './upgrade-table.ts';
import { tasksNotYet, type Workload } from './workload.ts';

export interface UpgradeOptions {
  /** Names of the new versions. */
  readonly to: Readonly<Record<Role, string>>;
  /** Roles whose version changes. */
  readonly roles: readonly Role[];
  /** Slaves at a time; undefined: a third of them. */
  readonly wave: number | undefined;
  readonly drain: boolean;
  readonly fallBack: boolean;
  /** Undefined if the cluster has no slave, or no known scheduler. */
  readonly workload: Workload | undefined;
  /** Called once, when the upgrade is finished. */
  readonly onMeasured: (measure: UpgradeMeasure) => void;
}

const noTasks = { wanted: 0, belongs: () => false };

/** An upgrade of a cluster: the order of its steps, and the remaining ones. */
class Upgrade {
  readonly #options: UpgradeOptions;
  readonly #updated = new Set<string>();
  readonly #fellBack = new Set<string>();
  #journal: Journal | undefined;

  constructor(options: UpgradeOptions) {
    this.#options = options;
  }

  /** Runs the next steps, as long as they are of one kind. */
  async steps(cluster: Cluster, kind: UpgradeStep['kind']): Promise<readonly RehearsedPlace[]> {
    const tools = this.#tools(cluster);
    const done: RehearsedPlace[] = [];
    for (;;) {
      const step = nextStep(this.#procedure(cluster), this.#progress, leaderOf(cluster).name);
      if (step?.kind !== kind) return done;
      await tools.journal
        .step(step, () => this.#step(tools, step))
        .catch((error: unknown) => {
          // The report of a failed upgrade shows the steps that were done.
          this.#options.onMeasured(this.measure(cluster));
          throw error;
        });
      done.push(...step.nodes);
    }
  }

  /** The measurements of the upgrade, from all samples since its beginning. */
  measure(cluster: Cluster): UpgradeMeasure {
    const { steps } = this.#tools(cluster).journal;
    const samples = cluster.watch.samplesSince((steps[0]?.from ?? cluster.now()) - 15_000);
    return measureUpgrade(samples, steps, this.#options.workload ?? noTasks, cluster.now());
  }

  get #progress() {
    return { updated: this.#updated, fellBack: this.#fellBack };
  }

  async #step(tools: StepTools, { kind, nodes }: UpgradeStep): Promise<string> {
    const names = nodes.map(({ name }) => name);
    if (kind === 'fall-back') {
      const [node] = nodes as readonly [RehearsedPlace];
      const saw = await fallBack(tools, node);
      this.#fellBack.add(node.name);
      return saw;
    }
    const [node] = nodes as readonly [RehearsedPlace];
    const again = names.some((name) => this.#fellBack.has(name));
    const saw = kind === 'master' ? await updateMaster(tools, node) : await updateSlaves(tools, nodes, again);
    for (const name of names) this.#updated.add(name);
    return saw;
  }

  #procedure(cluster: Cluster): Procedure {
    const { roles, wave, fallBack: fault } = this.#options;
    return {
      masters: roles.includes('master') ? cluster.masters : [],
      slaves: roles.includes('slave') ? cluster.slaves : [],
      wave: wave ?? defaultWave(cluster.slaves.length),
      fallBack: fault,
    };
  }

  #tools(cluster: Cluster): StepTools {
    const { to, drain } = this.#options;
    const { web } = cluster.options;
    if (web === undefined) throw new Error('an upgrade has no web server');
    this.#journal ??= new Journal(() => cluster.now());
    return { cluster, journal: this.#journal, to: (role) => to[role], web, drain };
  }
}

const needsSlave = ({ slaves }: { readonly slaves: number }): string | undefined =>
  slaves === 0 ? 'it needs a slave' : undefined;

const names = (places: readonly RehearsedPlace[]): string => places.map(({ name }) => name).join(', ');

async function startTasks(cluster: Cluster, workload: Workload | undefined): Promise<DrillResult> {
  if (workload === undefined) throw new Error('the drill is skipped where no tasks can be started');
  await workload.start(cluster);
  await cluster.watch.until({
    what: `${workload.title} run`,
    limitSeconds: cluster.limit(30) + 60,
    missing: (view) => tasksNotYet(workload, view),
    holdSeconds: 2,
  });
  return { saw: `${workload.title} run` };
}

async function keptTasks(upgrade: Upgrade, cluster: Cluster, options: UpgradeOptions): Promise<DrillResult> {
  const { workload, onMeasured } = options;
  if (workload !== undefined)
    await cluster.watch
      .until({
        what: `${workload.title} run`,
        limitSeconds: cluster.limit(30) + 120,
        missing: (view) => tasksNotYet(workload, view),
      })
      .catch((error: unknown) => {
        onMeasured(upgrade.measure(cluster));
        throw error;
      });
  const measure = upgrade.measure(cluster);
  onMeasured(measure);
  const { tasks, leaderless } = measure;
  const table = upgradeTable(measure);
  if (tasks.lost.length > 0)
    throw drillFailure(
      `${tasks.lost.length} tasks were lost`,
      tasks.lost.map(({ task, node }) => `${task} of ${node} ended, and none took its place`),
    );
  return {
    saw: [
      `${tasks.running} of ${tasks.wanted} tasks run, ${tasks.moved.length} moved, none was lost`,
      `no master led for ${leaderless.longestSeconds.toFixed(1)} s at most`,
    ].join('; '),
    table,
  };
}

/**
 * The drills of an upgrade, in their order: a cluster of the old versions starts and runs tasks, is upgraded by the
 * procedure of docs/updates.md, and then passes the drills of a cluster of the new versions.
 */
export function upgradeDrills(options: UpgradeOptions): readonly Drill[] {
  const upgrade = new Upgrade(options);
  const drill = (name: string, proves: string, run: Drill['run'], cannot?: Drill['cannot']): Drill => ({
    ...{ name, proves, quick: false, run },
    ...(cannot === undefined ? {} : { cannot }),
  });
  const { roles } = options;
  const needsTasks: Drill['cannot'] = (ground) =>
    needsSlave(ground) ??
    (options.workload === undefined
      ? 'the cluster has no scheduler that would start a task elsewhere'
      : undefined);
  const inOrder = async (cluster: Cluster, kind: 'master' | 'wave'): Promise<DrillResult> => {
    const saw = `${names(await upgrade.steps(cluster, kind))}, in this order`;
    options.onMeasured(upgrade.measure(cluster));
    return { saw };
  };
  return [
    { ...rise, name: 'old-rise', proves: 'a cluster of the old versions rises by itself' },
    drill('tasks', 'tasks run on it', (cluster) => startTasks(cluster, options.workload), needsTasks),
    drill(
      'upgrade-masters',
      'masters come to the new version one at a time, the leading one last',
      (cluster) => inOrder(cluster, 'master'),
      () => (roles.includes('master') ? undefined : 'the version of the masters does not change'),
    ),
    drill(
      'fall-back',
      'a slave returns by itself from a version that is not healthy',
      async (cluster) => ({ saw: `${names(await upgrade.steps(cluster, 'fall-back'))} returned by itself` }),
      (size) => {
        if (!options.fallBack) return 'it was not asked for';
        return roles.includes('slave') ? needsSlave(size) : 'the version of the slaves does not change';
      },
    ),
    drill(
      'upgrade-slaves',
      'slaves come to the new version in waves, drained first',
      (cluster) => inOrder(cluster, 'wave'),
      (size) => (roles.includes('slave') ? needsSlave(size) : 'the version of the slaves does not change'),
    ),
    drill('tasks-kept', 'no task was lost', (cluster) => keptTasks(upgrade, cluster, options), needsTasks),
    agree,
    driftDrill,
  ];
}
