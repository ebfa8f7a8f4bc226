import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

/** What CycloneDX's own schema (strict, 1.6) has against a bill of materials; null if nothing. */
export async function bomFaults(text: string): Promise<unknown> {
  return validator.validate(text);
}
