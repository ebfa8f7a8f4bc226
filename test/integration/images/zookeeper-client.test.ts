import { spawn } from 'node:child_process';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Bench } from '../stand-ins/bench.ts';
import { eventually } from '../stand-ins/eventually.ts';
import { freePort } from '../stand-ins/free-port.ts';

const folder = fileURLToPath(new URL('../../../node-tools', import.meta.url));

const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from ingot_node.elections import ask_any, marathon_leader, mesos_leader
from ingot_node.zookeeper_client import Session, ZooKeeperError
try:
    with Session("127.0.0.1", int(sys.argv[2]), float(sys.argv[3])) as session:
        held = session.data("/zookeeper/config")
        print(json.dumps({"children": session.children("/"), "none": session.children("/no/such"), "data": session.data("/no"),
                          "config": None if held is None else held.decode(), "mesos": mesos_leader(session, "/mesos"),
                          "marathon": marathon_leader(session, "/marathon")}))
except ZooKeeperError as error:
    print(json.dumps(str(error)))
`;

async function ask(port: number, patience = 5): Promise<unknown> {
  const child = spawn('/usr/bin/python3', ['-sEB', '-c', program, folder, String(port), String(patience)]);
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return JSON.parse(output) as unknown;
}

/** A server that handles its connections with this function; returns its port. */
async function accepting(behave: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("a node reads names and content from Debian's ZooKeeper, and nobody is elected if nobody takes part", async () => {
  const bench = new Bench();
  onTestFinished(() => bench.close());
  const port = await freePort();
  const zookeeper = bench.startZooKeeper(port);
  const found = await eventually('ZooKeeper answers', async () => {
    const answer = await ask(port);
    return typeof answer === 'string' ? undefined : answer;
  });
  expect(found).toEqual({
    ...{ children: ['zookeeper'], none: null, data: null, config: '' },
    ...{ mesos: null, marathon: null },
  });
  // The session was closed correctly: the server does not report a broken connection.
  expect(zookeeper.log()).not.toMatch(/EndOfStream|Unable to read additional data/);
});

test.each<[string, (socket: Socket) => void, RegExp]>([
  [
    'closes each connection, like one without a quorum',
    (socket) => socket.end(),
    /it serves nobody \(no quorum\)$/,
  ],
  ['never answers', () => undefined, /(no answer in time|timed out)$/],
  [
    'speaks HTTP',
    (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
    /does not speak ZooKeeper's protocol$/,
  ],
  ['sends half an answer', (socket) => socket.end(Buffer.from([0, 0, 0, 37, 1, 2])), /the connection ended$/],
  [
    'grants no session',
    (socket) => socket.write(Buffer.concat([Buffer.from([0, 0, 0, 37]), Buffer.alloc(37)])),
    /it grants no session$/,
  ],
])('a server that %s gives an error with its name in time', async (_, behave, says) => {
  const port = await accepting(behave);
  const began = Date.now();
  expect(await ask(port, 1)).toMatch(new RegExp(`^127\\.0\\.0\\.1:${port}: .*${says.source}`));
  expect(Date.now() - began).toBeLessThan(15_000);
});
