import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** Errors of a bill of materials by CycloneDX's own schema (strict, 1.6); null if there are none. */
export async function bomFaults(text: string): Promise<unknown> {
  return validator.validate(text);
}
