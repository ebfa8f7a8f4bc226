import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededTls } from '../../../../src/inputs/plan/seed-tls.ts';
import { TestCa } from '../../../samples/certificates.ts';
import { ingotErrorOf } from '../../../samples/spec.ts';

const section = { ca: 'keys/ca.pem', level: 'mutual' } as const;
const now = new Date();

let one: TestCa;
let other: TestCa;
beforeAll(() => {
  one = new TestCa('the CA of demo');
  other = new TestCa('the next CA of demo');
});
afterAll(() => {
  one.close();
  other.close();
});
const errorOf = (text: string, when = now): string =>
  ingotErrorOf(() => seededTls(section, text, when)).message;

test('the seed contains the certificate of the CA, without the text around it', () => {
  const noisy = `subject=CN = x\r\n${one.ca.certificate.replaceAll('\n', '\r\n')}`;
  expect(seededTls(section, noisy, now)).toEqual({ ca: one.ca.certificate, level: 'mutual' });
});

test('it may contain two, while one CA replaces another', () => {
  expect(seededTls(section, other.ca.certificate + one.ca.certificate, now).ca).toBe(
    other.ca.certificate + one.ca.certificate,
  );
});

test.each<[string, () => string, RegExp]>([
  ['no certificate', () => 'hello', /keys\/ca\.pem is not a certificate in PEM/],
  [
    'half a certificate',
    () => one.ca.certificate.replace(/\n.{20}/, '\n'),
    /a certificate that cannot be read/,
  ],
  [
    'the certificate of a node',
    () => one.node(['10.0.0.11']).certificate,
    /CN=node1, which is not that of a CA/,
  ],
])('a CA file that is %s is refused', (_, text, message) => {
  expect(errorOf(text())).toMatch(message);
});

test('an expired CA is refused, with the date', () => {
  const later = new Date(now.getTime() + 5 * 86_400_000);
  expect(errorOf(one.ca.certificate, later)).toMatch(/CN=the CA of demo, which expired on \d{4}-\d\d-\d\d/);
});

test('a private key in place of a certificate is refused, and not shown', () => {
  const said = errorOf(one.ca.certificate + one.ca.key);
  expect(said).toMatch(/holds a private key/);
  const secret = one.ca.key.split('\n')[1] ?? '';
  expect(secret.length).toBeGreaterThan(20);
  expect(said).not.toContain(secret);
});
