import { describe, expect, it } from 'vitest';
import { auditResidue } from '../../../../src/bake/seal/residue.ts';
import { globMatcher, isResidue, type ResidueRule } from '../../../../src/inputs/residue-rules.ts';

const rule = (path: string, what: ResidueRule['what']): ResidueRule => ({
  path,
  what,
  why: 'reason',
  matches: globMatcher(path),
});

describe('a glob of the residue list', () => {
  it.each([
    ['/etc/ssh/ssh_host_*', '/etc/ssh/ssh_host_rsa_key.pub', true],
    ['/etc/ssh/ssh_host_*', '/etc/ssh/ssh_host_d/x', false],
    ['/tmp/**', '/tmp/a/b', true],
    ['/tmp/**', '/tmp', false],
    ['/etc/zookeeper/**/myid', '/etc/zookeeper/myid', true],
    ['/etc/zookeeper/**/myid', '/etc/zookeeper/conf/x/myid', true],
    ['/etc/zookeeper/**/myid', '/etc/zookeeper/conf/notmyid', false],
    ['/root/.*_history', '/root/.bash_history', true],
    ['/root/.*_history', '/root/xbash_history', false],
    ['/a.b+c', '/aXbbc', false],
    ['/v?z', '/v/z', false],
  ])('%s against %s: %s', (glob, path, matches) => {
    expect(globMatcher(glob)(path)).toBe(matches);
  });
});

describe('the changes of the build guest', () => {
  const rules = [rule('/var/lib/cloud', 'all'), rule('/tmp/**', 'all')];
  it.each([
    ['/var/lib/cloud', true],
    ['/var/lib/cloud/instances/i-1/user-data.txt', true],
    ['/tmp/systemd-private-1', true],
    ['/var/lib/cloudy', false],
    ['/etc/sudoers.d/ops', false],
  ])('are residue by themselves or because of their folder: %s: %s', (path, residue) => {
    expect(isResidue(rules, path)).toBe(residue);
  });
});

describe('an audit for residue', () => {
  it('lists what must not exist, what is not empty, and what is missing, each with the reason', () => {
    const audit = auditResidue([
      rule('/root/.ssh', 'all'),
      rule('/var/log/**', 'files'),
      rule('/etc/not-empty', 'empty'),
      rule('/etc/machine-id', 'empty'),
    ]);
    audit.see({ path: '/root/.ssh', kind: 'other', size: 0 });
    audit.see({ path: '/var/log/zookeeper', kind: 'other', size: 0 });
    audit.see({ path: '/var/log/zookeeper/x.log', kind: 'file', size: 0 });
    audit.see({ path: '/etc/not-empty', kind: 'file', size: 25 });
    expect(audit.finish()).toEqual([
      '/root/.ssh: reason',
      '/var/log/zookeeper/x.log: reason',
      '/etc/not-empty: reason',
      '/etc/machine-id is missing, or not a file: reason',
    ]);
  });

  it('reports nothing about a clean image', () => {
    const audit = auditResidue([rule('/etc/machine-id', 'empty'), rule('/var/log/**', 'files')]);
    audit.see({ path: '/etc/machine-id', kind: 'file', size: 0 });
    audit.see({ path: '/var/log/README', kind: 'other', size: 9 });
    expect(audit.finish()).toEqual([]);
  });
});
