import { argument } from '../record/argument.ts';

/** The argument SPEC: the description of a cluster. */
export const specArgument = argument('spec', 'the cluster.yaml');
