import { expect, test } from 'vitest';
import { fixedEnvironment } from '../../../src/host/environment.ts';

test("nothing of the user's environment is passed on but the way to the network", () => {
  const own = { LC_ALL: 'de_DE', TZ: 'Asia/Tokyo', HOME: '/home/a', TOKEN: 'x', PATH: '/x', no_proxy: 'a' };
  expect(fixedEnvironment(own)).toEqual({ ...fixedEnvironment({}), no_proxy: 'a' });
  expect(fixedEnvironment({})).toMatchObject({ HOME: '/root', LC_ALL: 'C', TZ: 'UTC' });
});
