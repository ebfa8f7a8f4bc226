// A reporter of vitest: writes the time of each test file including its hooks (a bake runs in one), which the JSON
// report omits.
// INGOT_TEST_TIMES names the file for "seconds  project  path", slowest first.
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
