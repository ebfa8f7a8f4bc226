import { AwsDouble } from '../../test/doubles/aws/aws-double.ts';

/**
 * The double of AWS in a process of its own: prints the variables with which the SDK uses it as JSON on one line, and
 * after SIGTERM the most blocks of any second and the number of refused requests. Argument: milliseconds before each
 * answer.
 */
const double = await AwsDouble.start({ latencyMs: Number(process.argv[2]) });
process.stdout.write(`${JSON.stringify(double.env)}\n`);
process.once('SIGTERM', () => {
  const snapshots = [...double.account.snapshots.values()];
  const mostPerSecond = Math.max(0, ...snapshots.map(({ id }) => double.limits.most(`put ${id}`)));
  process.stdout.write(`${JSON.stringify({ mostPerSecond, throttled: double.limits.throttled })}\n`, () => {
    process.exit(0);
  });
});
