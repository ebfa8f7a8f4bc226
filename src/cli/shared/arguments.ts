import { argument } from '../record/argument.ts';

/** The description of a cluster. */
export const specArgument = argument('spec', 'the cluster.yaml');
