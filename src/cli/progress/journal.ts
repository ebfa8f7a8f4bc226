import { z } from 'zod';
import type { Outline, ProgressView, StageNode, StageResult } from './progress-view.ts';

const seconds = z.number().optional();
const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('begins'),
    id: z.number(),
    above: z.number().optional(),
    title: z.string(),
    at: z.number(),
    expectedSeconds: seconds,
  }),
  z.object({ type: z.literal('line'), id: z.number(), text: z.string() }),
  z.object({
    type: z.literal('ends'),
    id: z.number(),
    result: z.enum(['done', 'failed']),
    seconds: z.number(),
  }),
  z.object({
    type: z.literal('outline'),
    stages: z.array(
      z.object({ title: z.string(), expectedSeconds: seconds, fromCache: z.boolean().optional() }),
    ),
    cache: z.object({ hits: z.number(), of: z.number() }).optional(),
  }),
  z.object({ type: z.literal('over'), result: z.enum(['done', 'failed']), why: z.string().optional() }),
]);

/** One line of the journal of a bake's progress, from which `ingot attach` shows it. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** The name of the journal in the folder of a run's logs. */
export const journalName = 'progress.ndjson';

/** Reads a line of a journal; undefined for a line that this version of ingot does not know. */
export function parseJournalLine(line: string): JournalEntry | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A view that writes what happens as entries of a journal. */
export function journalView(write: (entry: JournalEntry) => void): ProgressView {
  const ids = new Map<StageNode, number>();
  let last = 0;
  return {
    open: () => Promise.resolve(),
    begins: (node) => {
      ids.set(node, (last += 1));
      const { title, parent, begunAt, expectedSeconds } = node;
      const above = parent && ids.get(parent);
      write({ type: 'begins', id: last, above, title, at: begunAt, expectedSeconds });
    },
    notes: (node, text) => {
      const id = ids.get(node);
      if (id !== undefined) write({ type: 'line', id, text });
    },
    ends: (node, result, took) => {
      const id = ids.get(node);
      ids.delete(node);
      if (id !== undefined) write({ type: 'ends', id, result, seconds: took });
    },
    outlines: ({ stages, cache }) => {
      write({ type: 'outline', stages: [...stages], cache });
    },
    close: () => undefined,
  };
}

/**
 * Shows the entries of a journal in a view.
 * @returns a function that takes each entry, and returns the result with the last one
 */
export function replay(view: ProgressView): (entry: JournalEntry) => StageResult | undefined {
  const nodes = new Map<number, StageNode>();
  return (entry) => {
    switch (entry.type) {
      case 'begins': {
        const { title, at: begunAt, expectedSeconds, above } = entry;
        const parent = above === undefined ? undefined : nodes.get(above);
        const node: StageNode = { title, parent, begunAt, expectedSeconds };
        nodes.set(entry.id, node);
        view.begins(node);
        return undefined;
      }
      case 'line': {
        const node = nodes.get(entry.id);
        if (node !== undefined) view.notes(node, entry.text);
        return undefined;
      }
      case 'ends': {
        const node = nodes.get(entry.id);
        if (node !== undefined) view.ends(node, entry.result, entry.seconds);
        nodes.delete(entry.id);
        return undefined;
      }
      case 'outline':
        view.outlines?.(entry satisfies Outline);
        return undefined;
      case 'over':
        return entry.result;
    }
  };
}
