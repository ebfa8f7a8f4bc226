import { expect, test } from 'vitest';
import { fixedEnvironment } from '../../../src/host/environment.ts';

test("only the network settings of the user's environment are passed on", () => {
  const own = { LC_ALL: 'de_DE', TZ: 'Asia/Tokyo', HOME: '/home/a', TOKEN: 'x', PATH: '/x', no_proxy: 'a' };
  expect(fixedEnvironment(own)).toEqual({ ...fixedEnvironment({}), no_proxy: 'a' });
  expect(fixedEnvironment({})).toMatchObject({ HOME: '/root', LC_ALL: 'C', TZ: 'UTC' });
});
