/** The CI systems for which a pipeline can be rendered, with the template of each. */
export const pipelineEngines = { github: 'github.yml', gitlab: 'gitlab.yml', argo: 'argo.yaml' } as const;
export type PipelineEngine = keyof typeof pipelineEngines;
