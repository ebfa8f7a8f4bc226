import { expect, test } from 'vitest';
import { parseImageDefinition } from '../../../../src/inputs/plan/image-definition.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

test('an empty image.yaml adds nothing', () => {
  expect(parseImageDefinition('', 'image.yaml')).toEqual({
    packages: [],
    unitsOn: [],
    modules: [],
    setuid: [],
    unitsMasked: [],
    kernelArguments: [],
    sysctls: {},
    checks: [],
  });
});

test('a check has one minute by default', () => {
  const { checks } = parseImageDefinition(
    'checks: [{name: a, run: "true"}, {name: b, run: x, within: 5}]',
    'image.yaml',
  );
  expect(checks).toEqual([
    { name: 'a', run: 'true', within: 60 },
    { name: 'b', run: 'x', within: 5 },
  ]);
});

test('errors show file, line, column and the right form', () => {
  const text = `package: [x]
unitsOn: [zookeeper, getty@tty1.service]
checks:
  - name: zookeeper answers
    run: true
    within: 1h
`;
  expect(ingotErrorOf(() => parseImageDefinition(text, 'images/master/image.yaml')).message)
    .toMatchInlineSnapshot(`
    "images/master/image.yaml has 4 errors:

    images/master/image.yaml:1:1: there is no key package here
      1 | package: [x]
        | ^
      right: did you mean packages?

    images/master/image.yaml:2:11: "zookeeper" is not a valid systemd unit
      2 | unitsOn: [zookeeper, getty@tty1.service]
        |           ^
      right: the name of a unit with its suffix, such as zookeeper.service

    images/master/image.yaml:5:10: checks[0].run must be text, this is true
      5 |     run: true
        |          ^
      right: YAML reads true as true; write it in quotes: "true"

    images/master/image.yaml:6:13: checks[0].within must be a number, this is text
      6 |     within: 1h
        |             ^
      right: whole seconds within which it has to pass, such as 60"
  `);
});
