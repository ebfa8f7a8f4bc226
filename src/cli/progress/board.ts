import { type Role, roles } from '../../inputs/roles.ts';
import type { Outline, StageNode, StageResult } from './progress-view.ts';

/** A stage on the board, with everything below it. */
export interface BoardStage {
  readonly node: StageNode;
  readonly below: BoardStage[];
  state: 'running' | StageResult;
  /** Of a stage that is over. */
  seconds: number;
  /** Its latest line. */
  line: string;
}

/** What is shown of some work at one moment. */
export interface BoardContent {
  readonly outline: Outline;
  /** The stages of the first level, in the order in which they began. */
  readonly stages: readonly BoardStage[];
  /** Milliseconds since 1970. */
  readonly begunAt: number;
}

const allRoles = Object.keys(roles) as Role[];

/** The stage of a role below one of the first level. */
export function stageOfRole({ below }: BoardStage, role: Role): BoardStage | undefined {
  return below.findLast(({ node }) => node.title === role);
}

/** The roles that have begun, in the order of the table of roles. */
export function rolesOn({ stages }: BoardContent): readonly Role[] {
  return allRoles.filter((role) => stages.some((stage) => stageOfRole(stage, role) !== undefined));
}

/** Collects the stages of some work, for a display that is drawn again and again. */
export class Board implements BoardContent {
  readonly stages: BoardStage[] = [];
  #begunAt: number | undefined;
  readonly #of = new Map<StageNode, BoardStage>();
  #outline: Outline = { stages: [] };

  /** When the first stage began; 0 before that. */
  get begunAt(): number {
    return this.#begunAt ?? 0;
  }

  get outline(): Outline {
    return this.#outline;
  }

  outlines(outline: Outline): void {
    this.#outline = outline;
  }

  begins(node: StageNode): void {
    this.#begunAt ??= node.begunAt;
    const stage: BoardStage = { node, below: [], state: 'running', seconds: 0, line: '' };
    const above = node.parent === undefined ? this.stages : this.#of.get(node.parent)?.below;
    above?.push(stage);
    this.#of.set(node, stage);
  }

  notes(node: StageNode, line: string): void {
    const stage = this.#of.get(node);
    if (stage !== undefined) stage.line = line;
  }

  ends(node: StageNode, result: StageResult, seconds: number): void {
    const stage = this.#of.get(node);
    if (stage === undefined) return;
    stage.state = result;
    stage.seconds = seconds;
    this.#of.delete(node);
  }
}
