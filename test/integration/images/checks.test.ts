import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { onNode } from './on-a-node.ts';

const metric = 'common:/usr/lib/ingot/check/metric';

let server: Server | undefined;
afterEach(() => server?.close());

/** Answers every request with this body; returns the port. */
async function answering(body: string, status = 200): Promise<string> {
  const listening = createServer((_, reply) => reply.writeHead(status).end(body));
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return String((listening.address() as AddressInfo).port);
}

it.each([
  [
    'in the form of Mesos',
    '{"allocator\\/event_queue_dispatches":0,"master\\/elected":1.0,"system\\/load_1min":0.2}',
  ],
  ['with blanks and whole numbers', '{ "master/elected": 1,\n "registrar/log/recovered": 1 }'],
])('the check of a metric passes if it has the value, %s', async (_, body) => {
  const port = await answering(body);
  expect(await onNode(metric, [port, 'master/elected', '1'])).toEqual({
    exitCode: 0,
    output: expect.stringMatching(/^master\/elected is 1\n$/) as string,
  });
});

it.each([
  ['has another value', '{"master\\/elected":0.0}', 200, 'master/elected is 0\n'],
  ['is not reported', '{"frameworks\\/master\\/elected":1}', 200, 'master/elected is not reported'],
  ['cannot be read', '{"master\\/elected":1}', 503, 'master/elected is not reported'],
])('the check of a metric fails if it %s', async (_, body, status, says) => {
  const port = await answering(body, status);
  const ran = await onNode(metric, [port, 'master/elected', '1']);
  expect(ran.exitCode).not.toBe(0);
  expect(ran.output).toContain(says);
});

it('the check of ZooKeeper fails with a reason if nothing listens', async () => {
  const ran = await onNode('master:/usr/lib/ingot/check/zookeeper', [], '127.0.0.99');
  expect(ran.exitCode).not.toBe(0);
  expect(ran.output).toContain("ZooKeeper's mode is unknown");
});
