import { describe, expect, it } from 'vitest';
import { namedFiles } from '../../../../src/inputs/cluster-spec/named-files.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const without = smallSpec.replace(/marathon:\n.*\n/, '');
const secret = 'seed:\n  secrets:\n    marathon: {principal: m, file: /var/lib/ingot/state/secrets/m}\n';
const errorOf = (text: string): string =>
  ingotErrorOf(() => parseSpec(text, 'cluster.yaml')).message.replaceAll(/\n.*\|.*/g, '');

describe('scheduler', () => {
  it('is Marathon by default, and its package is required', () => {
    expect(parseSpec(smallSpec, 'cluster.yaml')).toMatchObject({
      scheduler: 'marathon',
      marathon: { deb: 'debs/marathon.deb' },
    });
  });

  it('none needs no package, and the spec names no file of Marathon', () => {
    const spec = parseSpec(`${without}scheduler: none\n`, 'cluster.yaml');
    expect(spec.scheduler).toBe('none');
    expect(spec.marathon).toBeUndefined();
    expect(namedFiles(spec).present).toEqual(['debs/mesos.deb']);
  });

  it.each([
    ['', '1:1'],
    ['scheduler: marathon\n', '5:12'],
  ])('is refused without its package: "%s"', (said, place) => {
    expect(errorOf(without + said)).toBe(`cluster.yaml has an error:

cluster.yaml:${place}: the scheduler is Marathon, and nothing says where it comes from
  right: marathon: {deb: FILE-OR-URL} names its package; or write scheduler: none`);
  });

  it('none is refused with the package of a scheduler, at the key', () => {
    expect(errorOf(`${smallSpec}scheduler: none\n`)).toBe(`cluster.yaml has an error:

cluster.yaml:5:1: marathon says where Marathon comes from, and the cluster has scheduler: none
  right: scheduler: marathon, or no marathon here; the other is at line 7, column 12`);
  });

  it('none is refused with the secret of a scheduler, at the key', () => {
    expect(errorOf(`${without}scheduler: none\n${secret}`)).toBe(`cluster.yaml has an error:

cluster.yaml:8:5: only Marathon has this secret, and the cluster has scheduler: none
  right: scheduler: marathon, or no marathon here; the other is at line 5, column 12`);
    expect(() => parseSpec(smallSpec + secret, 'cluster.yaml')).not.toThrow();
  });

  it('that is unknown is refused with the known ones, and without a second error', () => {
    expect(errorOf(`${smallSpec}scheduler: chronos\n`)).toBe(`cluster.yaml has an error:

cluster.yaml:7:12: "chronos" is not a valid scheduler
  right: marathon or none`);
  });
});
