/** The path that a path of a node really has, for those who carry out a plan. */
export { canonicalNodePath } from '../cluster-spec/node-path.ts';
