import type { BakeWatch, DecidedStage } from '../../src/bake/bake-request.ts';
import { addRun } from '../../src/cli/progress/history-file.ts';
import type { OpenStage, Stage } from '../../src/cli/progress/stage.ts';

/** Stages of a bake whose shared tree, and the tree of the slave, come from the cache. */
export const decided: readonly DecidedStage[] = [
  { name: 'shared', role: null, runs: false },
  ...(['master', 'slave'] as const).flatMap((role) =>
    ['packages', 'tree', 'changes', 'root', 'artifacts', 'verification'].map((name) => ({
      ...{ name, role },
      runs: role === 'master' || !['packages', 'tree'].includes(name),
    })),
  ),
];

/** How long the stages of an earlier bake of everything took. */
export const earlierRun: ReadonlyMap<string, number> = new Map([
  ['lock', 1.2],
  ['cache', 0.4],
  ['compose = packages master, tree master', 70],
  ['compose / master = packages master, tree master', 69],
  ['bake = changes master, changes slave', 51],
  ['bake / master = changes master', 50],
  ['bake / slave = changes slave', 51],
  ['bake / master / boot', 22],
  ['bake / slave / boot', 21],
  ['bake / master / 30-units', 6],
  ['bake / slave / 30-units', 6],
  ['seal = artifacts master, artifacts slave, root master, root slave', 27],
  ['verify = verification master, verification slave', 308],
  ['verify / master / boot by UEFI', 147],
  ['publish', 3.5],
]);

export const rememberEarlierRun = (cache: string): Promise<void> => addRun(cache, earlierRun);

/** What a played bake works with: the clock in milliseconds since 1970, and where it stops. */
export interface Playing {
  readonly pass: (seconds: number) => void;
  /** Called at each moment that a test may look at. */
  readonly at: (moment: 'compose' | 'bake' | 'verify' | 'end') => Promise<void>;
  readonly watch: BakeWatch;
}

function both(stage: Stage): readonly [OpenStage, OpenStage] {
  return [stage.begin('master'), stage.begin('slave')];
}

/** Reports what a bake of both roles reports, without doing anything. */
export async function playBake(progress: Stage, { pass, at, watch }: Playing): Promise<void> {
  const passed = (seconds: number): Promise<void> => {
    pass(seconds);
    return Promise.resolve();
  };
  await progress.stage('lock', () => passed(1));
  await progress.stage('cache', () => passed(0.5));
  watch.decided(decided);
  await progress.stage('compose', async (stage) => {
    await stage.stage('pool', () => passed(1));
    const master = stage.begin('master');
    master.note('Unpacking openjdk-17-jre-headless:amd64 (17.0.13+11-2~deb12u1) …');
    pass(32);
    await at('compose');
    pass(34);
    master.end('done');
  });
  progress
    .begin('no /dev/kvm here: QEMU emulates the processor (tcg), which is many times slower')
    .end('done');
  await progress.stage('bake', async (stage) => {
    const [master, slave] = both(stage);
    const boots = [master.begin('boot'), slave.begin('boot')] as const;
    pass(21);
    boots[1].end('done');
    const units = slave.begin('30-units');
    pass(2);
    units.note('Created symlink /etc/systemd/system/multi-user.target.wants/mesos-slave.service');
    boots[0].note('ingot: the build guest listens');
    await at('bake');
    for (const one of [boots[0], units, master, slave]) one.end('done');
    pass(20);
  });
  await progress.stage('seal', (stage) => {
    for (const one of both(stage)) one.end('done');
    return passed(25);
  });
  await progress.stage('verify', async (stage) => {
    const [master, slave] = both(stage);
    const boots = [master.begin('boot by UEFI'), slave.begin('boot by BIOS')] as const;
    pass(150);
    boots[0].end('done');
    for (const name of [
      'no unit has failed',
      'units are on and masked as declared',
      'the root is verified by dm-verity',
    ]) {
      const check = master.begin(name);
      pass(3);
      check.end('done');
    }
    const check = master.begin('ZooKeeper serves');
    boots[1].note('[  OK  ] Reached target multi-user.target – Mehrbenutzer, 多用户.');
    pass(4);
    await at('verify');
    check.end('done');
    pass(90);
    for (const one of [boots[1], master, slave]) one.end('done');
  });
  await progress.stage('publish', () => passed(3));
  await at('end');
}
