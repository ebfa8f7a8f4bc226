import { z } from 'zod';
import { bundleShape, bundleVerifyShape } from './bundle-shapes.ts';
import { listShape, promoteShape, revokeShape, showShape } from './channel-shapes.ts';
import { diffShape, driftShape } from './difference-shapes.ts';
import { historyShape } from './history-shape.ts';
import { nightlyShape } from './nightly-shape.ts';
import { checkShape } from './plan-shape.ts';
import { publishAmiShape } from './publish-ami-shape.ts';
import { publishShape, pullShape } from './publish-shapes.ts';
import {
  bakeClustersShape,
  bakeExplainShape,
  bakeShape,
  doctorShape,
  gcShape,
  keygenShape,
  lockCheckShape,
  netbootServeShape,
  netbootShape,
  seedShape,
  signShape,
} from './small-shapes.ts';
import { bootTestShape, drillsShape, rehearseShape, reproduceShape, verifyShape } from './test-shapes.ts';

/** A JSON document that a command prints. */
export interface JsonShape {
  /** The command line that prints it, without arguments. */
  readonly printedBy: string;
  readonly shape: z.ZodObject;
}

/** Every JSON document that a command prints, by its name. */
export const allShapes: Readonly<Record<string, JsonShape>> = {
  check: { printedBy: 'ingot check --json', shape: checkShape },
  doctor: { printedBy: 'ingot doctor --json', shape: doctorShape },
  'lock-check': { printedBy: 'ingot lock check --json', shape: lockCheckShape },
  bake: { printedBy: 'ingot bake --json', shape: bakeShape },
  'bake-clusters': { printedBy: 'ingot bake --json SPEC SPEC', shape: bakeClustersShape },
  'bake-explain': { printedBy: 'ingot bake --explain --json', shape: bakeExplainShape },
  gc: { printedBy: 'ingot gc --json', shape: gcShape },
  verify: { printedBy: 'ingot verify --json', shape: verifyShape },
  'boot-test': { printedBy: 'ingot boot-test --json', shape: bootTestShape },
  reproduce: { printedBy: 'ingot reproduce --json', shape: reproduceShape },
  rehearse: { printedBy: 'ingot rehearse --json', shape: rehearseShape },
  'rehearse-list': { printedBy: 'ingot rehearse --list --json', shape: drillsShape },
  keygen: { printedBy: 'ingot keygen --json', shape: keygenShape },
  sign: { printedBy: 'ingot sign --json', shape: signShape },
  list: { printedBy: 'ingot list --json', shape: listShape },
  show: { printedBy: 'ingot show --json', shape: showShape },
  promote: { printedBy: 'ingot promote --json', shape: promoteShape },
  revoke: { printedBy: 'ingot revoke --json', shape: revokeShape },
  nightly: { printedBy: 'ingot nightly --json', shape: nightlyShape },
  publish: { printedBy: 'ingot publish --json', shape: publishShape },
  'publish-ami': { printedBy: 'ingot publish ami --json', shape: publishAmiShape },
  pull: { printedBy: 'ingot pull --json', shape: pullShape },
  bundle: { printedBy: 'ingot bundle --json', shape: bundleShape },
  'bundle-open': { printedBy: 'ingot bundle open --json', shape: bundleVerifyShape },
  'bundle-verify': { printedBy: 'ingot bundle verify --json', shape: bundleVerifyShape },
  seed: { printedBy: 'ingot seed --json', shape: seedShape },
  netboot: { printedBy: 'ingot netboot --json', shape: netbootShape },
  'netboot-serve': { printedBy: 'ingot netboot serve --json', shape: netbootServeShape },
  history: { printedBy: 'ingot history --json', shape: historyShape },
  diff: { printedBy: 'ingot diff --format json', shape: diffShape },
  drift: { printedBy: 'ingot drift --json', shape: driftShape },
};

/** The number in the field `schema` of a document. */
export const shapeNumber = ({ shape }: JsonShape): number =>
  (shape.shape['schema'] as z.ZodLiteral<number>).value;

/**
 * The JSON Schema (draft 2020-12) of a document. It allows additional fields, which a later version of ingot may add
 * without another number.
 */
export function shapeJsonSchema(name: string, of: JsonShape): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(of.shape, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema.readOnly;
      // Not that of a map, which states what its values are.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { $schema, title: `${of.printedBy}: ${name}, version ${shapeNumber(of)}`, ...schema };
}
