/** What a service refuses, as it says it. */
export class Refusal extends Error {
  override readonly name: string;
  readonly status: number | undefined;
  readonly reason: string | undefined;

  constructor(
    name: string,
    message: string,
    more: { readonly status?: number; readonly reason?: string } = {},
  ) {
    super(message);
    this.name = name;
    this.status = more.status;
    this.reason = more.reason;
  }
}
