import { describe, expect, it } from 'vitest';
import { layerFile, layerName, layerPlace } from '../../../../src/inputs/plan/layer-place.ts';

describe("the place of a layer's files on a node", () => {
  it.each([
    ['/srv/ingot/images/common/rootfs', ''],
    ['/srv/ingot/node-tools/programs/common', ''],
    ['/srv/ingot/node-tools/programs/schedulers/marathon/master', ''],
    ['/srv/ingot/node-tools/ingot_node', '/usr/lib/ingot/ingot_node'],
    ['/srv/ingot/node-tools/initrd', '/usr/lib/ingot/initrd'],
    ['node-tools/initrd', '/usr/lib/ingot/initrd'],
    ['/srv/my-node-tools/initrd', ''],
  ])('%s: below %j', (folder, place) => {
    expect(layerPlace(folder)).toBe(place);
  });

  it('a layer is named relative to the project’s folder, wherever that is', () => {
    expect(layerName('/srv/images/ingot/node-tools/initrd')).toBe('node-tools/initrd');
    expect(layerName('/home/me/ingot/images/common/rootfs')).toBe('images/common/rootfs');
  });

  it('a path on a node leads back to the file of the project', () => {
    expect(layerFile('node-tools/initrd', '/usr/lib/ingot/initrd/say.sh')).toBe('node-tools/initrd/say.sh');
    expect(layerFile('images/common/rootfs', '/etc/hosts')).toBe('images/common/rootfs/etc/hosts');
  });
});
