import { countText } from '../../../host/count-text.ts';
import type { BootStage, BootTimes } from '../../../vm/boot-stages.ts';
import type { UnitTime } from '../../../vm/unit-times.ts';
import { type Bar, Bars } from '../../look/bars.tsx';
import { Badge } from '../../look/parts.tsx';
import { measuredTimeText } from '../../look/texts.ts';
import type { VersionReportFacts } from '../version-facts.ts';

function stageBars(stages: readonly BootStage[], begin: number, part: boolean): Bar[] {
  let from = begin;
  return stages.flatMap(({ name, seconds, parts = [] }) => {
    const bar: Bar = {
      ...{ name, part, from, seconds: Math.max(0, seconds), text: measuredTimeText(Math.max(0, seconds)) },
      ...(part ? { fill: 'fill-soft' } : {}),
    };
    const inside = stageBars(parts, from, true);
    from += Math.max(0, seconds);
    return [bar, ...inside];
  });
}

const mostUnits = 40;

/** The slowest units, in the order in which systemd began to start them. */
export function slowestUnits(units: readonly UnitTime[], most: number): readonly UnitTime[] {
  const weight = ({ seconds, failed }: UnitTime): number => (failed === true ? Infinity : (seconds ?? 0));
  const slow = new Set(units.toSorted((a, b) => weight(b) - weight(a)).slice(0, most));
  return units.filter((unit) => slow.has(unit) && weight(unit) >= 0.05).toSorted((a, b) => a.from - b.from);
}

function unitBar({ name, from, seconds, failed }: UnitTime, whole: number): Bar {
  return {
    name: failed === true ? [name, ' ', <Badge tone="bad">failed</Badge>] : name,
    from,
    seconds: seconds ?? Math.max(0, whole - from),
    fill: failed === true ? 'fill-bad' : seconds === undefined ? 'fill-idle' : 'fill',
    text: seconds === undefined ? 'not seen to end' : measuredTimeText(seconds),
  };
}

function Units({ times, whole }: { readonly times: BootTimes; readonly whole: number }) {
  const { units = [] } = times;
  if (units.length === 0)
    return (
      <p class="soft">
        The times of single units were not recorded: this version is older than that, or its node did not
        report them.
      </p>
    );
  const shown = slowestUnits(units, mostUnits);
  const rest = units.length - shown.length;
  return (
    <>
      <Bars
        caption={`Units of systemd, in the order of their start; seconds since power-on`}
        what="unit"
        bars={shown.map((unit) => unitBar(unit, whole))}
        whole={whole}
      />
      {rest === 0 ? null : <p class="soft">{`${countText(rest, 'faster unit')} are left out.`}</p>}
    </>
  );
}

/** The boot as a timeline by stage and unit. */
export function Boot({ times, checks }: VersionReportFacts) {
  if (times === undefined)
    return (
      <p>
        {checks === undefined
          ? 'The boot was not recorded.'
          : `The stages of the boot are no longer known; ssh answered ${measuredTimeText(checks.secondsToSsh)} after power-on.`}
      </p>
    );
  const whole = Math.max(
    times.healthySeconds,
    ...(times.units ?? []).map(({ from, seconds = 0 }) => from + seconds),
  );
  return (
    <>
      {checks?.accelerator !== 'tcg' ? null : (
        <p class="note">
          The processor was emulated, which is many times slower than a real one. Compare these times with
          each other, not with those of real nodes.
        </p>
      )}
      <Bars
        caption={`Stages of the boot, in seconds since power-on; healthy after ${measuredTimeText(times.healthySeconds)}`}
        what="stage"
        bars={stageBars(times.stages, 0, false)}
        whole={whole}
      />
      <h3>Units</h3>
      <Units times={times} whole={whole} />
    </>
  );
}
