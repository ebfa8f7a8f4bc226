import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { IngotError } from '../../../../src/host/ingot-error.ts';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { anyText } from '../../../samples/hostile.ts';
import { smallSpec } from '../../../samples/spec.ts';

/** For any text: a Spec, or one IngotError in which every error has a place in the file. */
function parsesOrPoints(text: string): void {
  try {
    expect(parseSpec(text, 'c.yaml').masters.length % 2).toBe(1);
  } catch (error) {
    if (!(error instanceof IngotError)) throw error;
    expect(error.code).toBe('wrong-spec');
    const [head, ...problems] = error.message.split('\n\n');
    expect(head).toMatch(/^c\.yaml has (?:an error|\d+ errors):$/);
    const lines = text.split(/\r?\n|\r/).length;
    for (const problem of problems) {
      const [, line] = /^c\.yaml:(\d+):\d+: \S.*\n +\d+ \|.*\n +\| *\^/.exec(problem) ?? [];
      expect(Number(line), problem).toBeLessThanOrEqual(lines);
    }
    expect(problems.length).toBeGreaterThan(0);
    expect(error.message.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
}

test('any text gives a spec or errors with places', () => {
  fc.assert(fc.property(anyText, parsesOrPoints), { numRuns: 300 });
});

test('a valid spec with anything cut out, doubled or inserted gives a spec or errors with places', () => {
  const at = fc.nat({ max: smallSpec.length });
  fc.assert(
    fc.property(at, at, anyText, (one, other, put) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)];
      parsesOrPoints(smallSpec.slice(0, from) + smallSpec.slice(to));
      parsesOrPoints(smallSpec.slice(0, to) + smallSpec.slice(from));
      parsesOrPoints(smallSpec.slice(0, from) + put + smallSpec.slice(from));
    }),
    { numRuns: 300 },
  );
});

test('any values under the known keys give a spec or errors with places', () => {
  const keys = [
    'cluster',
    'masters',
    'mesos',
    'marathon',
    'base',
    'common',
    'guest',
    'files',
    'sysctls',
    'deb',
    'source',
  ];
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(anyText, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    tree: fc.oneof(
      { maxDepth: 3 },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...keys), anyText), tie('tree'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), tree, { noNullPrototype: true }), (spec) => {
      parsesOrPoints(stringify(spec));
    }),
    { numRuns: 300 },
  );
});

test('every generated valid spec is read as it was meant', () => {
  // Addresses of a host: not of the loopback interface, not of a group.
  const address = fc.ipV4().filter((text) => /^(?!0|127\.|22[4-9]|23|24|25)/.test(text));
  const masters = fc
    .uniqueArray(address, { minLength: 3, maxLength: 7 })
    .map((list) => (list.length % 2 === 0 ? list.slice(1) : list));
  const files = fc.uniqueArray(
    fc.record({
      path: fc.stringMatching(/^\/etc\/[a-z]{1,8}$/),
      content: anyText.map((text) => text.toWellFormed()),
      mode: fc.constantFrom('0644', '0600', '0755'),
    }),
    { maxLength: 3, selector: ({ path }) => path },
  );
  const additions = fc.record({
    packages: fc.array(fc.stringMatching(/^[a-z][a-z0-9]{1,10}$/)),
    files,
    sysctls: fc.dictionary(fc.stringMatching(/^(?:vm|net)\.[a-z_]{1,8}$/), fc.integer(), {
      noNullPrototype: true,
    }),
    kernelArguments: fc.array(
      fc
        .stringMatching(/^[a-z]{2,8}=[a-z0-9]{1,4}$/)
        .filter((text) => !/^(?:root|boot|init|initrd)=/.test(text)),
    ),
  });
  const spec = fc.record({
    cluster: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/),
    masters,
    mesos: fc.record({ deb: fc.stringMatching(/^[a-zA-Z0-9_ ./-]{1,20}\.deb$/) }),
    marathon: fc.constant({ deb: '/m.deb' }),
    common: additions,
    slave: additions,
  });
  fc.assert(
    fc.property(spec, (value) => {
      // In double quotes: the YAML library writes some block scalars that are read differently (" \n").
      const text = stringify(value, { defaultStringType: 'QUOTE_DOUBLE' });
      expect(parseSpec(text, 'c.yaml')).toMatchObject(value);
    }),
    { numRuns: 200 },
  );
});
