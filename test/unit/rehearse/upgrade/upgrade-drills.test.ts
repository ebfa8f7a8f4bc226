import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allDrills } from '../../../../src/rehearse/all-drills.ts';
import { upgradeDrills, type UpgradeOptions } from '../../../../src/rehearse/upgrade/upgrade-drills.ts';
import { marathonTasks } from '../../../../src/rehearse/upgrade/workload.ts';

const options: UpgradeOptions = {
  to: { master: '20261128-aaaaaaaaaaaa', slave: '20261128-bbbbbbbbbbbb' },
  roles: ['master', 'slave'],
  ...{
    wave: undefined,
    drain: true,
    fallBack: true,
    workload: marathonTasks(2),
    onMeasured: () => undefined,
  },
};
const settings = { cluster: {}, files: [] };
const size = { masters: 3, slaves: 2, scheduler: 'marathon', settings };

const left = (more: Partial<UpgradeOptions>, of = size): string[] =>
  upgradeDrills({ ...options, ...more })
    .filter((drill) => drill.cannot?.(of) === undefined)
    .map(({ name }) => name);

it('an upgrade omits drills that were not requested, or that have no nodes or no new version', () => {
  expect(left({})).toEqual([
    ...[
      'old-rise',
      'tasks',
      'upgrade-masters',
      'fall-back',
      'upgrade-slaves',
      'tasks-kept',
      'agree',
      'drift',
    ],
  ]);
  expect(left({ fallBack: false })).not.toContain('fall-back');
  expect(left({ roles: ['slave'] })).not.toContain('upgrade-masters');
  expect(left({ roles: ['master'] })).not.toContain('fall-back');
  expect(left({}, { ...size, masters: 1, slaves: 0 })).toEqual([
    ...['old-rise', 'upgrade-masters', 'agree', 'drift'],
  ]);
  // No task is reported as kept if none ran.
  expect(left({ workload: undefined })).toEqual([
    ...['old-rise', 'upgrade-masters', 'fall-back', 'upgrade-slaves', 'agree', 'drift'],
  ]);
});

it('the steps of an upgrade have separate names, so that a policy distinguishes them from the drills of a new cluster', () => {
  const own = upgradeDrills(options).map(({ name }) => name);
  const shared = own.filter((name) => allDrills.some((drill) => drill.name === name));
  // Those that check the new versions as any rehearsal does; "task" is not the same as "tasks".
  expect(shared).toEqual(['agree', 'drift']);
});

it('docs/upgrade.md has a row for every drill', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/upgrade.md'), 'utf8');
  for (const { name } of upgradeDrills(options)) expect(page).toMatch(new RegExp(`^\\| .*\`${name}\``, 'm'));
});
