import { expect, test } from 'vitest';
import { parseSteps } from '../../../../src/bake/compose/package-order.ts';

test('what apt plans becomes calls of dpkg: as few as the order allows', () => {
  const lines = [
    'Reading package lists...',
    'Inst libev4 (1:4.33-1 local-deb [amd64])',
    'Inst python3-kazoo (2.8.0-2 local-deb [all]) [vendor:amd64 ]',
    'Conf libev4 (1:4.33-1 local-deb [amd64])',
    'Inst vendor (1.0 local-deb [amd64]) []',
    'Conf python3-kazoo (2.8.0-2 local-deb [all])',
    'Conf vendor (1.0 local-deb [amd64])',
  ];
  expect(parseSteps(lines)).toEqual([
    { action: 'unpack', packages: ['libev4', 'python3-kazoo'] },
    { action: 'configure', packages: ['libev4'] },
    { action: 'unpack', packages: ['vendor'] },
    { action: 'configure', packages: ['python3-kazoo', 'vendor'] },
  ]);
});

test('lines that plan nothing make no call', () => {
  expect(parseSteps(['', 'Inst', 'Remv less (590 Debian:12 [amd64])', '0 upgraded'])).toEqual([]);
});
