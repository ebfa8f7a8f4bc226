import { expect, it } from 'vitest';
import { marathonOf } from '../../../src/rehearse/view.ts';
import { viewWith } from '../../samples/node-samples.ts';

const nameOf = (view: ReturnType<typeof viewWith>): string | undefined => marathonOf(view)?.place.name;

it('the instance of Marathon that names itself and serves the apps is the leader', () => {
  expect(nameOf(viewWith())).toBe('master-1');
});

it('an instance that was restarted and still names itself, because of its previous session, is not the leader', () => {
  const named = { marathon: { leader: '10.77.0.12:8080', apps: null } };
  expect(nameOf(viewWith({ 'master-1': named, 'master-2': named, 'master-3': named }))).toBeUndefined();
});
