import { roles } from '../inputs/roles.ts';
import type { NodeSample } from './node-sample.ts';
import type { RehearsedPlace } from './place.ts';

/** A node that should run, and the newest sample of it; undefined until one has arrived since its power-on. */
export interface NodeView {
  readonly place: RehearsedPlace;
  readonly sample: NodeSample | undefined;
  /** Addresses of the masters in this node's seed; undefined while the seed is being replaced. */
  readonly seed: readonly string[] | undefined;
  /** The last message of ssh when it did not reach the node. */
  readonly unreached?: string;
}

/** The cluster at one moment: every node that is switched on. */
export interface ClusterView {
  readonly nodes: readonly NodeView[];
}

export const mastersOf = ({ nodes }: ClusterView): NodeView[] =>
  nodes.filter(({ place }) => place.role === 'master');
export const slavesOf = ({ nodes }: ClusterView): NodeView[] =>
  nodes.filter(({ place }) => place.role === 'slave');

/** The port of Mesos masters. */
export const masterPort = roles.master.mesos.port;
/** How watchers name the Mesos master of a node: address:port. */
export const masterAt = ({ address }: RehearsedPlace): string => `${address}:${masterPort}`;

/** Masters that claim to be elected. */
export const electedOf = (view: ClusterView): NodeView[] =>
  view.nodes.filter(({ sample }) => sample?.master?.elected === true);

/**
 * Whether a node's Marathon leads: it names itself and serves the apps. An instance that was restarted may name itself
 * from its old session without leading.
 */
export const leadsMarathon = ({ address, marathon }: NodeSample): boolean =>
  marathon?.leader === `${address ?? ''}:8080` && marathon.apps !== null;

/** Whether the cluster has Marathon, as a master reports of its image. */
export const hasMarathon = (view: ClusterView): boolean =>
  mastersOf(view).some(({ sample }) => sample?.scheduler === 'marathon');

/** The instance of Marathon that claims to lead. */
export const marathonOf = (view: ClusterView): NodeView | undefined =>
  view.nodes.find(({ sample }) => sample !== undefined && leadsMarathon(sample));
