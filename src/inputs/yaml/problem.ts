/** A problem in a YAML file. */
export interface YamlProblem {
  /** Where it begins: characters from the start of the text. */
  readonly offset: number;
  /** What is wrong, in one line. */
  readonly message: string;
  /** What would be right, in one line. */
  readonly right?: string;
}
