import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readAccess } from '../../../src/netboot/read-access.ts';

const line = (more: object): string =>
  JSON.stringify({
    ...{
      time: 1795576866.296,
      address: '10.0.0.11',
      method: 'GET',
      uri: '/roles/slave.ipxe',
      args: '',
      status: 200,
    },
    ...{ bytes: 149, seconds: 0.2, completed: 'OK', range: '', agent: 'iPXE/1.0.0' },
    ...more,
  });

describe("nginx's access log", () => {
  test('shows what a machine fetched, and which machine if it is named', () => {
    expect(readAccess(line({ args: 'mac=52-54-00-00-00-0F' }))).toEqual({
      kind: 'file',
      address: '10.0.0.11',
      mac: '52:54:00:00:00:0f',
      file: { path: '/roles/slave.ipxe', by: 'HTTP', status: 200, bytes: 149, seconds: 0.2, whole: true },
    });
    expect(readAccess(line({ completed: '' }))).toMatchObject({ file: { whole: false } });
  });

  test('ignores a request for only the size', () => {
    expect(readAccess(line({ method: 'HEAD' }))).toBeUndefined();
  });

  test('contains the reports of machines, decoded, without control characters for a terminal', () => {
    const args = 'mac=52:54:00:00:00:01&stage=refused&text=no%20root%1b%5b31m%0ahere';
    expect(readAccess(line({ uri: '/report', status: 204, args }))).toEqual({
      kind: 'report',
      mac: '52:54:00:00:00:01',
      address: '10.0.0.11',
      stage: 'refused',
      text: 'no root here',
    });
  });

  test('a report without a machine is ignored', () => {
    expect(readAccess(line({ uri: '/report', args: 'mac=unknown&stage=root' }))).toBeUndefined();
  });

  test('a report that was refused, or whose stage is not a word, is ignored', () => {
    const report = (args: string, status = 204) => readAccess(line({ uri: '/report', status, args }));
    expect(report('mac=52:54:00:00:00:01&stage=root', 413)).toBeUndefined();
    for (const stage of ['', 'ROOT', 'a b', 'a%0ab', `a${'b'.repeat(40)}`, '%1b%5b31m'])
      expect(report(`mac=52:54:00:00:00:01&stage=${stage}`), stage).toBeUndefined();
  });

  test('characters that reverse or hide a text are written as escapes', () => {
    const args = new URLSearchParams({ mac: '52:54:00:00:00:01', stage: 'failed', text: 'a\u202eb\u200bc' });
    expect(readAccess(line({ uri: '/report', status: 204, args: args.toString() }))).toMatchObject({
      text: 'a\\u{202e}b\\u{200b}c',
    });
  });

  test('any report of a machine is one line of at most 600 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 800 }), (text) => {
        const args = new URLSearchParams({ mac: '52:54:00:00:00:01', stage: 'failed', text }).toString();
        const seen = readAccess(line({ uri: '/report', args }));
        expect(seen?.kind === 'report' && seen.text).toMatch(/^[^\p{Cc}\p{Cf}]{0,600}$/u);
      }),
    );
  });

  test('other lines are ignored', () => {
    for (const other of ['', '{', 'null', '[]', '{"uri":1}', '2026/11/25 03:21:06 [alert] 1#1: x'])
      expect(readAccess(other)).toBeUndefined();
  });
});
