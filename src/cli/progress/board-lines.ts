import type { Role } from '../../inputs/roles.ts';
import { type BoardContent, type BoardStage, rolesOn, stageOfRole } from './board.ts';
import { fit, pad, spread } from './cell.ts';
import { begunStage, forecast, shownSeconds } from './forecast.ts';
import { clockText, durationText, secondsText } from './seconds-text.ts';
import type { Colour, TerminalStyle } from './terminal-style.ts';

/** One picture of the board. */
export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Counts the frames; it moves the signs of running stages. */
  readonly tick: number;
  readonly style: TerminalStyle;
}

/** From this width on, the roles are next to each other; below it, one under the other. */
const sideBySideColumns = 64;
const shownParts = 3;
const shownNotices = 2;
const barColumns = { most: 30, least: 8 };
/** The times of the stages stay near their names on a wide terminal. */
const mostOutlineColumns = 56;

type State = BoardStage['state'] | 'waiting';

function sign(state: State, { style, tick }: Frame): string {
  const { signs, paint } = style;
  const shown: Record<State, readonly [Colour, string]> = {
    done: ['green', signs.done],
    failed: ['red', signs.failed],
    waiting: ['dim', signs.waiting],
    running: ['cyan', signs.running[tick % signs.running.length] ?? signs.running[0]],
  };
  return paint(...shown[state]);
}

/** `12 s of about 51 s` while a stage runs, `50.2 s` when it is over. */
function timeText(stage: BoardStage, { now }: Frame): string {
  const { state, node, seconds } = stage;
  if (state !== 'running') return seconds < 60 ? secondsText(seconds) : durationText(seconds);
  const ran = durationText(shownSeconds(stage, now));
  return node.expectedSeconds === undefined ? ran : `${ran} of ${durationText(node.expectedSeconds)}`;
}

function stageLine(stage: BoardStage, columns: number, frame: Frame): string {
  const failed = stage.state === 'failed' ? 'failed ' : '';
  const text = spread(stage.node.title, `${failed}${timeText(stage, frame)}`, columns - 2, frame.style);
  return `${sign(stage.state, frame)} ${text}`;
}

function headLine(board: BoardContent, columns: number, frame: Frame): string {
  const { style, now } = frame;
  const { share, done, of, secondsLeft } = forecast(board, now);
  const ran = board.stages.length === 0 ? 0 : (now - board.begunAt) / 1000;
  const known = board.outline.stages.some(({ expectedSeconds }) => expectedSeconds !== undefined);
  const part = known ? `${Math.floor(share * 100)} %` : `${done} of ${of}`;
  const left = done === of ? undefined : secondsLeft;
  const long = `${durationText(ran)}${left === undefined ? '' : `, about ${durationText(left)} left`}`;
  const short = `${clockText(ran)}${left === undefined ? '' : ` of ${clockText(ran + left)}`}`;
  const roomBeside = (text: string): number => columns - text.length - part.length - 5;
  const times = roomBeside(long) < barColumns.least ? short : long;
  const text = `${part}  ${times}`;
  const room = Math.min(barColumns.most, roomBeside(times));
  if (room < barColumns.least) return fit(text, columns, style);
  const full = Math.round(share * room);
  const bar =
    style.paint('cyan', style.signs.barFull.repeat(full)) + style.signs.barEmpty.repeat(room - full);
  return `[${bar}] ${text}`;
}

function cacheLine({ outline: { cache } }: BoardContent, columns: number, { style }: Frame): string[] {
  if (cache === undefined) return [];
  return [style.paint('dim', fit(`cache: ${cache.hits} of ${cache.of} stages`, columns, style))];
}

/** Stages that only announce something: they are not in the outline, and over at once. */
function noticeLines(board: BoardContent, columns: number, { style }: Frame): string[] {
  const titles = new Set(board.outline.stages.map(({ title }) => title));
  if (titles.size === 0) return [];
  return board.stages
    .filter(({ node }) => !titles.has(node.title))
    .slice(-shownNotices)
    .map(({ node }) => style.paint('dim', fit(node.title, columns, style)));
}

interface OutlineLine {
  readonly state: State;
  readonly text: string;
}

/** One line for each stage of the first level: what is over, what runs, and what is to come. */
function outlineLines(board: BoardContent, columns: number, frame: Frame): OutlineLine[] {
  const { style } = frame;
  if (board.outline.stages.length === 0)
    return board.stages.map((stage) => ({ state: stage.state, text: stageLine(stage, columns, frame) }));
  return board.outline.stages.map((entry) => {
    const begun = begunStage(board, entry);
    if (begun !== undefined) return { state: begun.state, text: stageLine(begun, columns, frame) };
    const state = entry.fromCache === true ? 'done' : 'waiting';
    const expected =
      entry.expectedSeconds === undefined ? '' : `about ${durationText(entry.expectedSeconds)}`;
    const text = spread(
      entry.title,
      entry.fromCache === true ? 'from the cache' : expected,
      columns - 2,
      style,
    );
    return { state, text: `${sign(state, frame)} ${style.paint('dim', text)}` };
  });
}

/** The innermost running stage and its line; the line of the stage itself where nothing below it has one. */
function currentLine(stage: BoardStage): string {
  const inner = stage.below.findLast(({ state }) => state === 'running');
  return (inner && currentLine(inner)) || stage.line;
}

/** The column of a role: what it is in, the last parts of that, and its current line. */
function roleLines(board: BoardContent, role: Role, columns: number, frame: Frame): string[] {
  const { style } = frame;
  const above = board.stages.findLast((stage) => stageOfRole(stage, role) !== undefined);
  const stage = above && stageOfRole(above, role);
  if (above === undefined || stage === undefined) return [];
  const titled = { ...stage, node: { ...stage.node, title: above.node.title } };
  const parts = stage.below.slice(-shownParts).map((part) => `  ${stageLine(part, columns - 2, frame)}`);
  const line = stage.state === 'running' ? currentLine(stage) : '';
  return [
    style.paint('bold', fit(role, columns, style)),
    stageLine(titled, columns, frame),
    ...parts,
    ...(line === '' ? [] : [`  ${style.paint('dim', fit(line, columns - 2, style))}`]),
  ];
}

function sideBySide(
  left: readonly string[],
  right: readonly string[],
  columns: number,
  frame: Frame,
): string[] {
  const between = frame.style.paint('dim', frame.style.signs.between);
  return Array.from(
    { length: Math.max(left.length, right.length) },
    (_, row) => `${pad(left[row] ?? '', columns)} ${between} ${right[row] ?? ''}`,
  );
}

function rolesLines(board: BoardContent, columns: number, frame: Frame): string[] {
  const [first, second] = rolesOn(board);
  if (first === undefined) {
    // Nothing below a role yet: what runs has its line here.
    const runs = board.stages.findLast(({ state }) => state === 'running');
    const line = runs === undefined ? '' : currentLine(runs);
    return line === '' ? [] : [frame.style.paint('dim', fit(line, columns, frame.style))];
  }
  if (second === undefined) return roleLines(board, first, columns, frame);
  if (columns < sideBySideColumns)
    return [...roleLines(board, first, columns, frame), ...roleLines(board, second, columns, frame)];
  const half = Math.floor((columns - 3) / 2);
  return sideBySide(roleLines(board, first, half, frame), roleLines(board, second, half, frame), half, frame);
}

/** Leaves out what matters least until the lines fit into a number of rows. */
function fitRows(sections: readonly (readonly string[])[], rows: number): string[] {
  const [head = [], cache = [], notices = [], running = [], outline = [], rolePart = []] = sections;
  const choices = [
    [...head, ...cache, ...outline, ...notices, ...rolePart],
    [...head, ...cache, ...outline, ...rolePart],
    [...head, ...running, ...rolePart],
    [...head, ...rolePart],
  ];
  const chosen = choices.find((lines) => lines.length <= rows) ?? choices.at(-1) ?? [];
  return chosen.slice(0, rows);
}

/**
 * Draws the board: a bar, a line for each stage of the first level, and both roles next to each other, or one under the
 * other on a narrow terminal.
 * @returns lines that are at most as wide as the terminal less one column, and at most as many as its rows less one
 */
export function boardLines(board: BoardContent, frame: Frame): string[] {
  const columns = Math.max(1, frame.columns - 1);
  const outline = outlineLines(board, Math.min(columns, mostOutlineColumns), frame);
  const lines = fitRows(
    [
      [headLine(board, columns, frame)],
      cacheLine(board, columns, frame),
      noticeLines(board, columns, frame),
      outline.filter(({ state }) => state === 'running').map(({ text }) => text),
      outline.map(({ text }) => text),
      rolesLines(board, columns, frame),
    ],
    Math.max(1, frame.rows - 1),
  );
  return lines.map((line) => fit(line, columns, frame.style));
}
