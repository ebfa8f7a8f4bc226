import { z } from 'zod';
import { drillFailure } from '../drill-failure.ts';

const factSchema = z.object({ what: z.string(), is: z.string(), own: z.string() });

/** A fact about a node: its value, and the value without what is the node's own. */
export type Fact = z.output<typeof factSchema>;

/** By the name of the fact. */
export type Inventory = ReadonlyMap<string, Fact>;

/**
 * Parses the output of templates/rehearse/inventory.py.
 * @throws IngotError node-failed for a line that is not a fact
 */
export function parseNodeInventory(text: string): Inventory {
  const facts = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return factSchema.parse(JSON.parse(line));
      } catch {
        throw drillFailure('the inventory of a node has a line that is not a fact', [line]);
      }
    });
  return new Map(facts.map((fact) => [fact.what, fact]));
}
