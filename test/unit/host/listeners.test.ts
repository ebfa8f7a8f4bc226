import { expect, test } from 'vitest';
import { readListener } from '../../../src/host/listeners.ts';

test.each([
  [
    'tcp   LISTEN 0      4096        10.0.0.2:80        0.0.0.0:*    users:(("nginx",pid=12,fd=6),("nginx",pid=11,fd=6))',
    { protocol: 'tcp', address: '10.0.0.2', port: 80, program: 'nginx' },
  ],
  [
    'udp   UNCONN 0      0      0.0.0.0%br0:67        0.0.0.0:*    users:(("dnsmasq",pid=9,fd=4))',
    { protocol: 'udp', address: '0.0.0.0%br0', port: 67, program: 'dnsmasq' },
  ],
  ['tcp LISTEN 0 128 [::]:22 [::]:*', { protocol: 'tcp', address: '[::]', port: 22, program: '' }],
  ['', undefined],
])('%s', (line, listener) => {
  expect(readListener(line)).toEqual(listener);
});
