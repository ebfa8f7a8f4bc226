import { expect, test } from 'vitest';
import { moduleOrder } from '../../../../src/bake/packer/module-order.ts';

const dependencies = [
  'kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko',
  'kernel/drivers/net/virtio_net.ko: kernel/net/net_failover.ko kernel/drivers/virtio/virtio_ring.ko kernel/drivers/virtio/virtio.ko',
  'kernel/net/net_failover.ko:',
  'kernel/drivers/virtio/virtio.ko:',
  'kernel/sound/snd-pcm.ko.xz:',
].join('\n');

test('a module is loaded after all that it depends on, and each once', () => {
  expect(moduleOrder(dependencies, ['virtio_blk', 'virtio_net'])).toEqual([
    'kernel/drivers/virtio/virtio.ko',
    'kernel/drivers/virtio/virtio_ring.ko',
    'kernel/drivers/block/virtio_blk.ko',
    'kernel/net/net_failover.ko',
    'kernel/drivers/net/virtio_net.ko',
  ]);
});

test('what is built into the kernel is not loaded', () => {
  expect(moduleOrder(dependencies, ['squashfs'])).toEqual([]);
});

test('a module is found whatever its file is compressed with, and whether its name has dashes', () => {
  expect(moduleOrder(dependencies, ['snd_pcm'])).toEqual(['kernel/sound/snd-pcm.ko.xz']);
});
