import { roles } from '../inputs/roles.ts';
import type { Look } from './look.ts';
import type { RehearsedPlace } from './place.ts';

/** A node that is to run, and the newest look at it; undefined until one arrived since its power-on. */
export interface NodeView {
  readonly place: RehearsedPlace;
  readonly look: Look | undefined;
  /** Addresses of the masters in the seed that this node has; undefined while it is being given another one. */
  readonly seed: readonly string[] | undefined;
  /** The last that ssh said when it did not reach the node. */
  readonly unreached?: string;
}

/** The cluster at a moment: every node that is switched on. */
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

/** Masters that say of themselves that they are elected. */
export const electedOf = (view: ClusterView): NodeView[] =>
  view.nodes.filter(({ look }) => look?.master?.elected === true);

/** Whether a node's Marathon leads: it names itself and serves the apps. One that was restarted may name itself by its old session, without leading. */
export const leadsMarathon = ({ address, marathon }: Look): boolean =>
  marathon?.leader === `${address ?? ''}:8080` && marathon.apps !== null;

/** Whether the cluster has Marathon: a master says that its image has it. */
export const hasMarathon = (view: ClusterView): boolean =>
  mastersOf(view).some(({ look }) => look?.scheduler === 'marathon');

/** The instance of Marathon that leads by its own word. */
export const marathonOf = (view: ClusterView): NodeView | undefined =>
  view.nodes.find(({ look }) => look !== undefined && leadsMarathon(look));
