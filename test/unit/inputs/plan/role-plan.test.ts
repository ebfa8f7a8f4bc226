import { describe, expect, test } from 'vitest';
import { smallSpec } from '../../../samples/spec.ts';
import { images, plan, role } from './sample-layers.ts';

describe('the plan of a role', () => {
  test('has its rootfs folders in the order of the layers, without those that have none', () => {
    expect(role(plan(), 'master').layers).toEqual([
      '/images/common/rootfs',
      '/images/master/rootfs',
      '/images/layouts/mesosphere/common/rootfs',
      '/images/schedulers/marathon/master/rootfs',
    ]);
    expect(role(plan(), 'slave').layers).toEqual([
      '/images/common/rootfs',
      '/images/layouts/mesosphere/common/rootfs',
      '/images/layouts/mesosphere/slave/rootfs',
    ]);
  });

  test('has the folders of node-tools/ that belong to a layer after its rootfs', () => {
    const tools = ['/node-tools/ingot_node', '/node-tools/programs/common'];
    const withTools = images.map((one) => (one.name === 'common' ? { ...one, tools } : one));
    const found = role(plan(smallSpec, { images: withTools }), 'slave').layers;
    expect(found.slice(0, 3)).toEqual(['/images/common/rootfs', ...tools]);
  });

  test('has the steps of all its layers, in the order of their numbers', () => {
    expect(role(plan(), 'master').steps).toEqual([
      { name: '10-locale', folder: '/images/common/steps/10-locale' },
      { name: '20-zookeeper', folder: '/images/master/steps/20-zookeeper' },
      { name: '40-hardening', folder: '/images/common/steps/40-hardening' },
    ]);
  });

  test('has units, kernel arguments and checks in the order of the layers, then the additions of the spec', () => {
    const slave = role(plan(`${smallSpec}slave: {kernelArguments: [quiet, a=1]}\n`), 'slave');
    expect(slave.unitsOn).toEqual(['ssh.service', 'docker.service']);
    expect(slave.kernelArguments).toEqual(['a=1', 'systemd.unified_cgroup_hierarchy=0', 'quiet']);
    expect(slave.checks).toEqual([{ name: 'docker answers', run: 'docker info', within: 9 }]);
    expect(role(plan(), 'master').unitsMasked).toEqual(['docker.service']);
  });

  test('has sysctls: those of the spec override images/, those of a role override common', () => {
    const made = plan(
      `${smallSpec}common: {sysctls: {vm.swappiness: 5, vm.x: 1}}\nslave: {sysctls: {vm.x: "2"}}\n`,
    );
    expect(role(made, 'slave').sysctls).toEqual({
      'vm.dirty_ratio': '20',
      'vm.swappiness': '5',
      'vm.x': '2',
    });
    expect(role(made, 'master').sysctls).toEqual({
      'vm.dirty_ratio': '20',
      'vm.swappiness': '5',
      'vm.x': '1',
    });
  });

  test('has the files of the spec, with the text of separate files; a role overrides common', () => {
    const text = `${smallSpec}common: {files: [{path: /etc/motd, content: all}, {path: /etc/b, from: files/b, mode: "0600"}]}
slave: {files: [{path: /etc/motd, content: slave}]}
`;
    const made = plan(text, { contents: new Map([['files/b', 'B\n']]) });
    expect(role(made, 'slave').files).toEqual([
      { path: '/etc/b', mode: '0600', content: 'B\n' },
      { path: '/etc/motd', mode: '0644', content: 'slave' },
    ]);
    expect(role(made, 'master').files.map(({ content }) => content)).toEqual(['B\n', 'all']);
  });
});
