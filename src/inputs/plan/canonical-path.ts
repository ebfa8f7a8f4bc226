/** The real path of a path on a node, for the code that executes a plan. */
export { canonicalNodePath } from '../cluster-spec/node-path.ts';
