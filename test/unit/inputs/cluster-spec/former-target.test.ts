import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const errorsOf = (text: string): string => ingotErrorOf(() => parseSpec(text, 'cluster.yaml')).message;

describe('a target with its former name', () => {
  const read = (lines: string) => {
    const warnings: string[] = [];
    const spec = parseSpec(`${smallSpec}${lines}\n`, 'cluster.yaml', (text) => warnings.push(text));
    return { targets: spec.targets, warnings };
  };

  test('is read as the current target, with one warning that names the place and what to write', () => {
    const { targets, warnings } = read('targets: [qcow2, cloud]');
    expect(targets).toEqual(['qcow2', 'ec2']);
    expect(warnings).toEqual([
      [
        'cluster.yaml:7:18: cloud is the former name of ec2',
        '  7 | targets: [qcow2, cloud]',
        '    |                  ^',
        '  right: ec2',
      ].join('\n'),
    ]);
  });

  test('is a warning only there: the kernel is still called cloud, and ec2 is right', () => {
    expect(read('targets: [ec2]\nbase: {kernel: cloud}')).toEqual({ targets: ['ec2'], warnings: [] });
  });

  test('is the same target as the current one: naming both is an error that explains this', () => {
    const text = errorsOf(`${smallSpec}targets: [cloud, ec2]\n`);
    expect(text).toContain('cluster.yaml:7:18: ec2 is listed twice');
    expect(text).toContain('besides:\n\ncluster.yaml:7:11: cloud is the former name of ec2');
  });

  test('is in no list of possible values', () => {
    expect(errorsOf(`${smallSpec}targets: [clod]\n`)).not.toContain('cloud');
  });
});
