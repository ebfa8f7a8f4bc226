import { expect, test } from 'vitest';
import type { IngotError } from '../../../../src/host/ingot-error.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { checkWrittenFor } from '../../../../src/inputs/cluster-spec/written-for.ts';
import { toolVersion } from '../../../../src/inputs/tool-version.ts';

function thrown(work: () => unknown): IngotError {
  try {
    work();
  } catch (error) {
    return error as IngotError;
  }
  throw new Error('nothing was thrown');
}

const spec = (head: string) =>
  `${head}\ncluster: demo\nmasters: [10.0.0.11, 10.0.0.12, 10.0.0.13]\nmesos: { deb: a.deb }\nmarathon: { deb: b.deb }\n`;

test('a file for this version of ingot, or without one, is read as ever', () => {
  for (const head of ['', `ingot: '${toolVersion}'`, `ingot: "${toolVersion.replace(/\.\d+$/, '')}" # ours`])
    expect(parseSpec(spec(head), 'cluster.yaml').cluster).toBe('demo');
});

test('a file for a newer ingot is refused with its line, whatever else is in it', () => {
  const error = thrown(() => parseSpec("# ours\ningot: '9.3'\nnewKey: 1\nmasters: 7\n", 'cluster.yaml'));
  expect(error.code).toBe('wrong-spec');
  expect(error.message).toBe(
    `cluster.yaml:2: the file was written for ingot 9.3, and this is ingot ${toolVersion}`,
  );
  expect(error.hint).toContain('install ingot 9.3 or later');
  expect(error.message).not.toContain('newKey');
});

test('an error of a file for an older ingot names both versions and the changelog', () => {
  expect(checkWrittenFor("ingot: '0.1'\n", 'cluster.yaml', '0.3.0')).toBe(
    'the file was written for ingot 0.1, and this is ingot 0.3.0: CHANGELOG.md lists what changed in cluster.yaml between the two',
  );
  expect(checkWrittenFor("ingot: '0.3.7'\n", 'cluster.yaml', '0.3.0')).toBeUndefined();
  expect(checkWrittenFor("ingot: '2.0'\n", 'cluster.yaml', '2.4.1')).toContain('between the two');
});

test('a number is not a version, because YAML reads 0.10 as 0.1', () => {
  const error = thrown(() => parseSpec(spec('ingot: 0.1'), 'cluster.yaml'));
  expect(error.message).toContain('cluster.yaml:1:8');
  expect(error.message).toContain('in quotes');
});

test('the word in a comment or a block of text is not the key', () => {
  expect(checkWrittenFor("# ingot: '9.9'\nx: |\n  ingot: '9.9'\n", 'cluster.yaml')).toBeUndefined();
});
