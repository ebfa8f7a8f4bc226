import { expect, test } from 'vitest';
import { moduleOrder } from '../../../../src/bake/packer/module-order.ts';

const dependencies = [
  'kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko',
  'kernel/drivers/net/virtio_net.ko: kernel/net/net_failover.ko kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko',
  'kernel/net/net_failover.ko:',
  'kernel/drivers/virtio/virtio.ko:',
  'kernel/sound/snd-pcm.ko.xz:',
].join('\n');

test('a module is loaded once, after all modules that it depends on', () => {
  expect(moduleOrder(dependencies, ['virtio_blk', 'virtio_net'])).toEqual([
    'kernel/drivers/virtio/virtio.ko',
    'kernel/drivers/virtio/virtio_ring.ko',
    'kernel/drivers/block/virtio_blk.ko',
    'kernel/net/net_failover.ko',
    'kernel/drivers/net/virtio_net.ko',
  ]);
});

test('a module that is built into the kernel is not loaded', () => {
  expect(moduleOrder(dependencies, ['squashfs'])).toEqual([]);
});

test('a module is found whatever the compression of its file, and whether or not its name has dashes', () => {
  expect(moduleOrder(dependencies, ['snd_pcm'])).toEqual(['kernel/sound/snd-pcm.ko.xz']);
});
