import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IdentityNode, three } from './identity-node.ts';

let node: IdentityNode;
beforeEach(() => {
  node = new IdentityNode();
});
afterEach(() => {
  node.remove();
});

describe('secrets that the seed names', () => {
  const put = (path: string, text: string, mode = 0o600): void => {
    node.write(path, text);
    chmodSync(join(node.folder, path), mode);
  };
  const modeOf = (path: string): number => statSync(join(node.folder, path)).mode & 0o777;
  const file = '/var/lib/ingot/state/secrets/one';

  it('reach the agent as files that only root can read', () => {
    node.seed(three, {
      secrets: {
        agentCredential: { file },
        dockerConfig: { command: ['/bin/echo', '{"auths":{}}'] },
        marathon: { principal: 'm', file },
      },
    });
    put(file, '{"principal":"agent","secret":"hunter2"}\n');
    expect(node.identity('slave', '10.0.0.50')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(node.read('/etc/mesos-slave/credential')).toBe('/run/ingot/secrets/agent-credential\n');
    expect(node.read('/run/ingot/secrets/agent-credential')).toContain('hunter2');
    expect(modeOf('/run/ingot/secrets/agent-credential')).toBe(0o600);
    expect(node.read('/etc/mesos-slave/docker_config')).toBe('file:///run/ingot/secrets/docker-config\n');
    expect(node.read('/run/ingot/secrets/docker-config')).toBe('{"auths":{}}\n');
    const first = node.snapshot();
    expect(node.run('/usr/lib/ingot/identity', '--address=10.0.0.50').exitCode).toBe(0);
    expect(node.snapshot()).toEqual(first);
    // What is the masters' stays with them.
    expect(node.paths()).not.toContain('/run/ingot/secrets/marathon');
  });

  it('are written again if the file below /run has another owner or mode, or is a link', () => {
    node.seed(three, { secrets: { agentCredential: { file } } });
    put(file, 'hunter2\n');
    const target = join(node.folder, 'run/ingot/secrets/agent-credential');
    expect(node.identity('slave', '10.0.0.50').exitCode).toBe(0);
    const spoilt = [
      () => { chownSync(target, 12345, 0); }, // prettier-ignore
      () => { chmodSync(target, 0o4600); }, // prettier-ignore
      () => { renameSync(target, `${target}.kept`); symlinkSync(`${target}.kept`, target); }, // prettier-ignore
      () => { chownSync(target, 12345, 0); put('/run/ingot/secrets/agent-credential.new', '', 0o666); }, // prettier-ignore
    ];
    for (const spoil of spoilt) {
      spoil();
      expect(node.run('/usr/lib/ingot/identity', '--address=10.0.0.50').exitCode).toBe(0);
      const found = lstatSync(target);
      expect([found.isFile(), found.uid, found.mode & 0o7777]).toEqual([true, process.geteuid?.(), 0o600]);
    }
  });

  it('reach masters and Marathon; the secret of Marathon has no line feed at its end', () => {
    node.seed(three, { secrets: { masterCredentials: { file }, marathon: { principal: 'marathon', file } } });
    put(file, 'hunter2\n');
    expect(node.identity('master', '10.0.0.11').exitCode).toBe(0);
    expect(node.read('/etc/mesos-master/credentials')).toBe('/run/ingot/secrets/master-credentials\n');
    expect(node.read('/etc/default/marathon')).toContain(
      'MARATHON_MESOS_AUTHENTICATION=\nMARATHON_MESOS_AUTHENTICATION_PRINCIPAL=marathon\nMARATHON_MESOS_AUTHENTICATION_SECRET_FILE=/run/ingot/secrets/marathon\n',
    );
    expect(node.read('/run/ingot/secrets/marathon')).toBe('hunter2');
  });

  it.each<[string, object, () => void, string]>([
    ['are missing', { file }, () => undefined, `the secret agentCredential is not in ${file}`.slice(0, 38)],
    ['other users can read', { file }, () => { put(file, 'hunter2', 0o644); }, 'can be read by users other than root'], // prettier-ignore
    ['belong to another user', { file }, () => { put(file, 'hunter2'); chownSync(join(node.folder, file), 12345, 0); }, 'belongs to the user 12345, who may change it'], // prettier-ignore
    ['are a link', { file }, () => { put('/elsewhere', 'hunter2'); mkdirSync(dirname(join(node.folder, file)), { recursive: true }); symlinkSync(join(node.folder, 'elsewhere'), join(node.folder, file)); }, 'is a link, which may lead anywhere'], // prettier-ignore
    ['are a pipe', { file }, () => { mkdirSync(dirname(join(node.folder, file)), { recursive: true }); execFileSync('sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', join(node.folder, file)]); }, 'is not a file'], // prettier-ignore
    [
      'are endless output',
      { command: ['/usr/bin/yes', 'hunter2'] },
      () => undefined,
      'the secret agentCredential has more than 1048576 bytes',
    ],
    ['are in a file that is too large', { file }, () => { put(file, 'hunter2'.repeat(200_000)); }, 'has more than 1048576 bytes'], // prettier-ignore
    ['are empty', { file }, () => { put(file, '\n'); }, 'the secret agentCredential is empty'], // prettier-ignore
    [
      'come from a command that fails',
      { command: ['/bin/false'] },
      () => undefined,
      '(/bin/false) ended with status 1',
    ],
    ['come from a missing command', { command: ['/no/such'] }, () => undefined, '(/no/such) cannot be run'],
    [
      'are in the seed itself',
      { text: 'hunter2' },
      () => undefined,
      'secrets.agentCredential must name its source',
    ],
    [
      'are in another folder',
      { file: '/etc/shadow' },
      () => undefined,
      'secrets.agentCredential must name its source',
    ],
  ])('that %s keep the node from its cluster, and are never shown', (_, agentCredential, given, why) => {
    node.seed(three, { secrets: { agentCredential } });
    given();
    const ran = node.identity('slave', '10.0.0.50');
    node.expectRefusal(ran, why);
    expect(`${ran.stderr}${ran.stdout}${node.read('/dev/console')}`).not.toContain('hunter2');
  });
});
