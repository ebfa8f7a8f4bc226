import { renderNodeSeed } from '../render/render-node-seed.ts';
import type { RenderedFile, Templates } from '../render/templates.ts';
import { type NodePlace, verificationNodes } from './verify-cluster.ts';

/** The seed, not signed yet, that a node of the proof boots with: a cluster of one master. */
export function proofSeed(
  templates: Templates,
  cluster: string,
  place: NodePlace,
  operatorKey: string,
): readonly RenderedFile[] {
  return renderNodeSeed(templates, {
    cluster,
    masters: [verificationNodes.master.address],
    operatorKeys: [operatorKey],
    // The state of the verification lies on the image's own disk.
    data: null,
    network: { macAddress: place.mac, address: `${place.address}/24`, gateway: null, nameservers: [] },
  });
}
