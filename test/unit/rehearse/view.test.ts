import { expect, it } from 'vitest';
import { marathonOf } from '../../../src/rehearse/view.ts';
import { viewWith } from '../../samples/node-samples.ts';

const nameOf = (view: ReturnType<typeof viewWith>): string | undefined => marathonOf(view)?.place.name;

it('takes the instance of Marathon for the leader that names itself and serves the apps', () => {
  expect(nameOf(viewWith())).toBe('master-1');
});

it('does not take one for the leader that was restarted and still names itself, by the session that it had before', () => {
  const named = { marathon: { leader: '10.77.0.12:8080', apps: null } };
  expect(nameOf(viewWith({ 'master-1': named, 'master-2': named, 'master-3': named }))).toBeUndefined();
});
