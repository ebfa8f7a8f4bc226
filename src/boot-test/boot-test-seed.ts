import { renderNodeSeed } from '../render/render-node-seed.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import { type NodePlace, verificationNodes } from './verify-cluster.ts';

/** The unsigned seed that a node of the boot test boots with: a cluster of one master. */
export function bootTestSeed(
  templates: Templates,
  cluster: string,
  place: NodePlace,
  operatorKey: string,
): readonly RenderedFile[] {
  return renderNodeSeed(templates, {
    cluster,
    masters: [verificationNodes.master.address],
    operatorKeys: [operatorKey],
    // The boot test keeps its state on the image's own disk.
    data: null,
    network: { macAddress: place.mac, address: `${place.address}/24`, gateway: null, nameservers: [] },
  });
}
