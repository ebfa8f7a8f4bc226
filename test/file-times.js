// A reporter of vitest: writes the time of each test file, with its hooks (a bake is done in one), which the JSON report leaves out.
// INGOT_TEST_TIMES names the file that gets "seconds  project  path" for each, slowest first.
import { writeFileSync } from 'node:fs';

export default class FileTimes {
  onTestRunEnd(modules) {
    const lines = modules
      .map((file) => ({
        project: file.project.name,
        path: file.relativeModuleId,
        seconds: file.diagnostic().duration / 1000,
      }))
      .sort((one, other) => other.seconds - one.seconds)
      .map(
        ({ project, path, seconds }) =>
          `${seconds.toFixed(1).padStart(8)} s  ${project.padEnd(12)} ${path}\n`,
      );
    writeFileSync(process.env.INGOT_TEST_TIMES, lines.join(''));
  }
}
