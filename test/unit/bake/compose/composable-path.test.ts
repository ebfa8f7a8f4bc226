import { expect, test } from 'vitest';
import { requireComposablePath } from '../../../../src/bake/compose/composable-path.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

test.each([
  ['/srv/a"b', 'a double quote'],
  ['/srv/a\\b', 'a backslash'],
  ['/srv/a\nb', 'a control character'],
  ['/srv/a\tb', 'a control character'],
])('the folder %j is refused at once: %s', (folder, what) => {
  const error = ingotErrorOf(() => {
    requireComposablePath(folder);
  });
  expect(error.message).toContain(`the path holds ${what}, which mmdebstrap`);
  expect(error.exitCode).toBe(2);
});

test('blanks, %, other quotes and letters of any script are accepted', () => {
  requireComposablePath(`/srv/a b/%41/it's/é/,;:=#[x]{y}$z*?~+&|<>!`);
});
