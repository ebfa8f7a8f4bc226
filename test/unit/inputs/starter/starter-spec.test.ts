import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { answerFaults } from '../../../../src/inputs/starter/answer-faults.ts';
import { clusterNameFor, defaultAnswers } from '../../../../src/inputs/starter/default-answers.ts';
import { type StarterAnswers, starterSpec } from '../../../../src/inputs/starter/starter-spec.ts';

const standIns = { mesos: 'packages/mesos.deb', marathon: 'packages/marathon.deb' };
const key =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkVY4Lh94PCFvFqfhTIJWdY3KVRGPEIuvrCecRrPbn1 alice@example.org';
const answers = (more: Partial<StarterAnswers> = {}): StarterAnswers => ({
  ...defaultAnswers('demo'),
  ...more,
});
const specOf = (more: Partial<StarterAnswers> = {}) =>
  parseSpec(starterSpec(answers(more), standIns), 'cluster.yaml', (warning) => {
    throw new Error(warning);
  });

describe('the cluster.yaml of ingot init', () => {
  test('is valid without warnings, for every origin of Mesos, with and without a key', () => {
    for (const mesos of ['clusterd', 'stand-ins'] as const)
      for (const operator of [undefined, key]) {
        const spec = specOf({ mesos, operator });
        expect(spec.cluster).toBe('demo');
        expect(spec.masters).toEqual(['10.0.0.11', '10.0.0.12', '10.0.0.13']);
        expect(spec.scheduler).toBe(mesos === 'clusterd' ? 'none' : 'marathon');
      }
  });

  test('begins with the line by which an editor finds the schema', () => {
    expect(starterSpec(answers(), standIns).split('\n')[0]).toBe(
      '# yaml-language-server: $schema=cluster.schema.json',
    );
  });

  test('stays valid when each of its commented keys is used', () => {
    const text = starterSpec(answers(), standIns);
    const blocks = text
      .split('\n\n')
      .filter((block) => /^# [a-z]+:/m.test(block) && !block.includes('yaml-language'));
    expect(blocks.length).toBe(4);
    for (const block of blocks) {
      const used = block
        .split('\n')
        .map((line) => (/^# (?:[a-z]+:| )/.test(line) ? line.slice(2) : line))
        .join('\n');
      expect(() => parseSpec(text.replace(block, used), 'cluster.yaml')).not.toThrow();
      expect(used).not.toBe(block);
    }
  });

  test('with one master is a cluster for trying things out, and says so', () => {
    expect(specOf({ masters: ['10.0.0.11'] }).masters).toEqual(['10.0.0.11']);
    expect(starterSpec(answers({ masters: ['10.0.0.11'] }), standIns)).toContain('for trying things out');
  });

  test('has every line within 120 columns, except a key', () => {
    const lines = starterSpec(answers(), standIns).split('\n');
    expect(lines.filter((line) => line.length > 120 && !line.includes('ssh-'))).toEqual([]);
  });
});

describe('an answer', () => {
  test.each<[string, Partial<StarterAnswers>, string]>([
    ['a name with capitals', { cluster: 'Demo' }, '"Demo" is not a valid cluster name'],
    ['two masters', { masters: ['10.0.0.11', '10.0.0.12'] }, '2 masters are an even number'],
    ['no master', { masters: [] }, 'masters'],
    ['a host name', { masters: ['m1', 'm2', 'm3'] }, '"m1" is not a valid IPv4 address'],
    ['a key that is cut off', { operator: key.slice(0, 40) }, 'the key is cut off'],
  ])('that is wrong is explained as ingot check would: %s', (_, wrong, text) => {
    expect(answerFaults(answers(wrong)).join('\n')).toContain(text);
    expect(answerFaults(answers(wrong)).join('\n')).not.toContain('cluster.yaml:');
  });

  test('is in the spec as it was typed, or is refused: it never becomes another key', () => {
    const typed = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('null', 'true', 'no', '12', 'a: b', '# x', '- y', '&a', '*a', '"', "'", 'x #y'),
    );
    fc.assert(
      fc.property(typed, typed, (cluster, comment) => {
        const given = answers({ cluster, operator: `${key} ${comment}`.trim() });
        if (answerFaults(given).length > 0) return;
        const spec = parseSpec(starterSpec(given, standIns), 'cluster.yaml');
        // Spaces around a word of YAML do not belong to it.
        expect(spec.cluster).toBe(cluster.trim());
        expect(spec.operators).toEqual([given.operator]);
        expect(spec.masters).toHaveLength(3);
      }),
    );
  });
});

describe('the name of a cluster for a folder', () => {
  test.each([
    ['demo', 'demo'],
    ['My Cluster (new)', 'my-cluster-new'],
    ['2026-prod', 'prod'],
    ['...', 'demo'],
    ['', 'demo'],
    ['München', 'm-nchen'],
  ])('%j: %s', (folder, name) => {
    expect(clusterNameFor(folder)).toBe(name);
  });

  test('is valid for a folder with any name', () => {
    fc.assert(
      fc.property(fc.string(), (folder) => {
        expect(answerFaults(defaultAnswers(folder))).toEqual([]);
      }),
    );
  });
});
