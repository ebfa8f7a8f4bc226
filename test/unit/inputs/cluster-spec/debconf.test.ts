import { describe, expect, test } from 'vitest';
import { parseSpec } from '../../../../src/inputs/cluster-spec/parse-spec.ts';
import { ingotErrorOf, smallSpec } from '../../../samples/spec.ts';

const withAnswer = (answer: string) =>
  parseSpec(`${smallSpec}common:\n  debconf:\n    - ${answer}\n`, 'cluster.yaml');
const errorOf = (answer: string) => {
  const { message, excerpt } = ingotErrorOf(() => withAnswer(answer));
  return [message, ...excerpt].join('\n');
};

describe('debconf answers in a spec', () => {
  test.each([
    ['true', 'boolean', 'true'],
    ['"false"', 'boolean', 'false'],
    ['8080', 'string', '8080'],
    ['"a b, c"', 'multiselect', 'a b, c'],
    ['""', 'string', ''],
  ])('the value %s of a %s', (value, type, text) => {
    const { common } = withAnswer(`{ package: a-b, question: a-b/q, type: ${type}, value: ${value} }`);
    expect(common.debconf).toEqual([{ package: 'a-b', question: 'a-b/q', type, value: text }]);
  });

  test('a password is refused, because the image would keep it', () => {
    expect(errorOf('{ package: a-b, question: a-b/q, type: password, value: x }')).toContain('type');
  });

  test.each([
    ['{ package: a-b, question: a-b/q, type: boolean, value: maybe }', 'true or false'],
    ['{ package: a-b, question: "a-b/q x", type: string, value: x }', 'debconf question'],
    ['{ package: a-b, question: nothing, type: string, value: x }', 'debconf question'],
    [String.raw`{ package: a-b, question: a-b/q, type: string, value: 'ends \' }`, 'answer'],
    ['{ package: a-b, question: a-b/q, type: string, value: "two\\nlines" }', 'answer'],
    ['{ package: a-b, question: a-b/q, type: string, value: " blank" }', 'answer'],
  ])('%s is refused', (answer, right) => {
    expect(errorOf(answer)).toContain(right);
  });

  test('each question is answered once', () => {
    const one = '{ package: a-b, question: a-b/q, type: string, value: x }';
    expect(errorOf(`${one}\n    - ${one}`)).toContain('a-b/q is answered twice');
  });
});

test('a program may keep its privileges with a reason, but not without', () => {
  const spec = parseSpec(
    `${smallSpec}slave:\n  setuid: [{ path: "/opt/a b", why: starts its sandbox }]\n`,
    'cluster.yaml',
  );
  expect(spec.slave.setuid).toEqual([{ path: '/opt/a b', why: 'starts its sandbox' }]);
  const { message } = ingotErrorOf(() =>
    parseSpec(`${smallSpec}slave:\n  setuid: [{ path: /opt/a }]\n`, 'cluster.yaml'),
  );
  expect(message).toContain('slave.setuid[0].why is missing');
});
