import { describe, expect, test } from 'vitest';
import { errorOf, image, images } from './sample-layers.ts';

describe('contradictions in images/ are refused', () => {
  test('a role or common that is missing', () => {
    expect(errorOf(images.filter(({ name }) => name !== 'slave'))).toBe(
      'images/slave is missing: it says what a slave is',
    );
    expect(errorOf(images.filter(({ name }) => name !== 'common'))).toContain('images/common is missing');
  });

  test('a step that appears twice, or one whose name has no place in the order', () => {
    const twice = images.map((each) => (each.name === 'master' ? { ...each, steps: ['10-locale'] } : each));
    expect(errorOf(twice)).toBe('the step 10-locale is in /images/common and in /images/master');
    const wrong = images.map((each) => (each.name === 'master' ? { ...each, steps: ['locale'] } : each));
    expect(errorOf(wrong)).toBe('/images/master/steps/locale is not a valid step name');
  });

  test('a unit that is both enabled and masked', () => {
    const both = [...images, image('layouts/mesosphere/master', 'unitsOn: [docker.service]')];
    expect(errorOf(both)).toBe(
      'the unit docker.service is on in /images/layouts/mesosphere/master and masked in /images/master',
    );
  });

  test('a check that appears twice', () => {
    const twice = images.map((each) =>
      each.name === 'layouts/mesosphere/slave'
        ? image(each.name, 'checks: [{name: docker answers, run: x}]')
        : each,
    );
    expect(errorOf(twice)).toBe(
      'the check docker answers is in /images/slave and in /images/layouts/mesosphere/slave',
    );
  });

  test('an image.yaml with errors, named by its path', () => {
    expect(errorOf([...images, image('layouts/mesosphere/master', 'unitOn: []')])).toContain(
      '/images/layouts/mesosphere/master/image.yaml:1:1: there is no key unitOn here',
    );
  });
});
