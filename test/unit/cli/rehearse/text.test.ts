import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accessText, drillsHelp, drillsText, rehearsalText } from '../../../../src/cli/rehearse/text.ts';
import { allDrills } from '../../../../src/rehearse/all-drills.ts';

const rehearsal = {
  outcomes: [
    { name: 'rise', result: 'passed', seconds: 401.23, saw: '3 masters and 2 slaves' },
    { name: 'kill-leader', result: 'passed', seconds: 100, saw: 'one thing; another thing' },
    { name: 'compare', result: 'failed', seconds: 7, saw: 'they differ\nin this\nand that' },
    { name: 'grow', result: 'not run', seconds: 0, saw: 'compare failed before' },
  ],
  accelerator: 'tcg',
  versions: {
    master: { version: '20261127-aaaaaaaaaaaa', rootHash: 'aa' },
    slave: { version: '20261127-bbbbbbbbbbbb', rootHash: 'bb' },
  },
  logs: '/out/runs/one/logs',
  nodes: [],
} as const;

describe('the result of a rehearsal', () => {
  it('has a line for each drill, with its time, and the details below it', () => {
    expect(rehearsalText(rehearsal).split('\n')).toEqual([
      'drill        result    seconds  what was seen',
      'rise         passed      401.2  3 masters and 2 slaves',
      'kill-leader  passed      100.0  one thing',
      '                                another thing',
      'compare      failed        7.0  they differ',
      '                                in this',
      '                                and that',
      'grow         not run            compare failed before',
      '',
      '2 drills passed, 1 failed, 1 not run, in 508.2 s (tcg)',
      'master  20261127-aaaaaaaaaaaa, root hash aa',
      'slave   20261127-bbbbbbbbbbbb, root hash bb',
      'logs    /out/runs/one/logs',
      '',
    ]);
  });

  it('has the tables of drills that have one', () => {
    const outcomes = [{ ...rehearsal.outcomes[0], table: 'kind  equal\nroot  1\n' }];
    expect(rehearsalText({ ...rehearsal, outcomes })).toContain('\nkind  equal\nroot  1\n\n1 drills passed');
  });
});

describe('the list of drills', () => {
  it('shows what each drill tests, and whether it is quick', () => {
    expect(drillsText()).toMatch(/^kill-leader +quick +the leading master loses its power/m);
    expect(drillsText()).toMatch(/^grow {14}\s+two masters are added/m);
  });

  const page = readFileSync(new URL('../../../../docs/rehearsal.md', import.meta.url), 'utf8');

  it('marks the same drills as quick as the help and docs/rehearsal.md', () => {
    const quick = allDrills.filter((drill) => drill.quick).map(({ name }) => name);
    expect(drillsHelp()).toBe(`The quick drills: ${quick.join(', ')}.\n`);
    expect(page).toMatch(new RegExp(`^ingot rehearse cluster.yaml --quick +# ${quick.join(', ')}$`, 'm'));
  });

  it('is explained in docs/rehearsal.md, in the same order', () => {
    const [, section = ''] = page.split('\n## The drills\n');
    const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([a-z-]+)` +\|/gm)];
    expect(rows.map(([, name]) => name)).toEqual(allDrills.map(({ name }) => name));
  });
});

describe('a cluster that is kept running', () => {
  it('is reached with the command for each node', () => {
    const node = {
      name: 'slave-1',
      address: '10.77.0.31',
      sshConfig: '/srv/my store/ssh_config',
    };
    expect(accessText([node])).toContain("ssh -F '/srv/my store/ssh_config' slave-1");
  });
});
