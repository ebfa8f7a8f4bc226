import {
  DefaultRenderer,
  Listr,
  type ListrDefaultRendererLogLevels,
  ListrLogger,
  ProcessOutput,
  Spinner,
} from 'listr2';
import { Board } from './board.ts';
import { boardLines } from './board-lines.ts';
import type { ProgressView } from './progress-view.ts';
import type { TerminalStyle } from './terminal-style.ts';

const clearScreen = '\x1b[2J\x1b[H';

/** The stream as listr2 draws on it; it copies the size of a terminal once, and this one has the current size. */
class SizedOutput extends ProcessOutput {
  readonly #terminal: NodeJS.WriteStream;

  constructor(terminal: NodeJS.WriteStream) {
    super(terminal, terminal);
    this.#terminal = terminal;
  }

  override get stdout(): NodeJS.WriteStream {
    const terminal = this.#terminal;
    return Object.defineProperties(super.stdout, {
      columns: { get: () => terminal.columns },
      rows: { get: () => terminal.rows },
    });
  }
}

/** Counts the frames, at the rate that suits the terminal. */
class Ticks extends Spinner {
  readonly #everyMs: number;
  count = 0;

  constructor(everyMs: number) {
    super();
    this.#everyMs = everyMs;
  }

  override start(draw?: () => void): void {
    super.start(() => {
      this.count += 1;
      draw?.();
    }, this.#everyMs);
  }
}

/** What draws: listr2's renderer with our own picture in place of its list of tasks. */
class BoardRenderer extends DefaultRenderer {
  readonly #picture: () => string;

  constructor(picture: () => string, output: ProcessOutput, ticks: Ticks) {
    const none = new Listr<unknown, 'silent', 'silent'>([], {
      renderer: 'silent',
      fallbackRenderer: 'silent',
    });
    const logger = new ListrLogger<ListrDefaultRendererLogLevels>({ processOutput: output });
    super([], { logger, spinner: ticks }, none.events);
    this.#picture = picture;
  }

  override create(): string {
    return this.#picture();
  }
}

/**
 * The board on a terminal, drawn by listr2. It follows the size of the terminal. Text that others write to the same
 * stream meanwhile is shown at the end.
 * @param now milliseconds since 1970
 */
export function boardView(stream: NodeJS.WriteStream, now: () => number, style: TerminalStyle): ProgressView {
  const board = new Board();
  const ticks = new Ticks(style.frameMs);
  const output = new SizedOutput(stream);
  const renderer = new BoardRenderer(
    () =>
      boardLines(board, {
        ...{ columns: stream.columns, rows: stream.rows, now: now(), tick: ticks.count, style },
      }).join('\n'),
    output,
    ticks,
  );
  // A terminal may wrap what is on it in a new way, so nobody knows where the last picture is.
  const onResize = (): void => {
    output.toStdout(clearScreen, false);
    renderer.update();
  };
  return {
    open: async () => {
      await renderer.render();
      stream.on('resize', onResize);
    },
    begins: (node) => {
      board.begins(node);
    },
    notes: (node, line) => {
      board.notes(node, line);
    },
    ends: (node, result, seconds) => {
      board.ends(node, result, seconds);
    },
    outlines: (outline) => {
      board.outlines(outline);
    },
    close: () => {
      stream.off('resize', onResize);
      renderer.end();
    },
  };
}
