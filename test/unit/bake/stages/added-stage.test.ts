import { expect, test } from 'vitest';
import { makeEntry, parseEntry } from '../../../../src/bake/cache/entry.ts';
import { stageTitle } from '../../../../src/bake/cache/keyed-stage.ts';
import { stageOf } from '../../../../src/bake/keys/bake-stages.ts';
import { decideStages } from '../../../../src/bake/keys/decide.ts';
import { keyStages } from '../../../../src/bake/keys/key-stages.ts';
import type { RoleDescription } from '../../../../src/bake/keys/stage-description.ts';
import { allStages } from '../../../../src/bake/stages/all-stages.ts';
import { artifacts } from '../../../../src/bake/stages/artifacts.ts';
import { sampleMaterial, stagesOf, withFile } from '../../../samples/stages.ts';

/** A stage that ingot does not have: a list of an image's files, which is published with it. */
const survey: RoleDescription = {
  name: 'survey',
  after: [artifacts],
  ofImage: true,
  programs: ['attr'],
  inputs: () => ({ 'setting depth': '3' }),
};
const more = [...allStages, survey];
const keyed = keyStages(more, sampleMaterial);
const surveyOf = (stages: typeof keyed) => stageOf(stages, 'survey', 'slave');

test('a stage that is added to the list has a key of its inputs, and no other key changes', () => {
  expect(keyed.all.filter(({ name }) => name !== 'survey')).toEqual(stagesOf(sampleMaterial).all);
  expect(surveyOf(keyed).inputs).toEqual({
    'code of ingot': sampleMaterial.code,
    'program attr': '1.0-1',
    'setting depth': '3',
    'stage artifacts slave': stageOf(keyed, 'artifacts', 'slave').key,
  });
  const other = keyStages(more, withFile('images/slave/rootfs/etc/docker/daemon.json'));
  expect(surveyOf(other).key).not.toBe(surveyOf(keyed).key);
});

test('it runs if the cache does not have it, without files that are not its inputs, and is given to the cache', async () => {
  const verdicts = await decideStages(
    more,
    keyed,
    ({ name }) => Promise.resolve(name !== 'survey'),
    new Set(),
  );
  const titles = [...verdicts].flatMap(([stage, verdict]) => (verdict === 'runs' ? [stageTitle(stage)] : []));
  expect(titles).toEqual(['survey master', 'survey slave']);
  const entry = makeEntry(surveyOf(keyed), [], { meta: null, seconds: 1 }, 0);
  expect(parseEntry(JSON.stringify(entry))).toEqual(entry);
});

test('a stage whose name is not a valid folder name is not an entry of a cache', () => {
  const entry = makeEntry({ ...surveyOf(keyed), name: '../survey' }, [], { meta: null, seconds: 1 }, 0);
  expect(parseEntry(JSON.stringify(entry))).toBeUndefined();
});

test('every stage comes after its inputs, and has a unique name', () => {
  for (const [index, { name, after, addsTo }] of allStages.entries()) {
    for (const before of [...after, ...(addsTo === undefined ? [] : [addsTo])])
      expect(allStages.indexOf(before), name).toBeLessThan(index);
    for (const before of after) expect(allStages).toContain(before);
  }
  expect(new Set(allStages.map(({ name }) => name)).size).toBe(allStages.length);
});
