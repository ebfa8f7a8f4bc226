import { type Bar, Bars } from '../../look/bars.tsx';
import { Badge, DataTable, Keys, More } from '../../look/parts.tsx';
import { measuredTimeText, momentText } from '../../look/texts.ts';
import type { ReportedBake, ReportedStage, VersionReportFacts } from '../version-facts.ts';

const begunOf = ({ begun }: ReportedStage): number => begun ?? 0;

function cachedBar(name: string): Bar {
  return {
    ...{ name, from: 0, seconds: 0, fill: 'fill-idle' },
    text: <Badge tone="good">from the cache</Badge>,
  };
}

/** The stages that ran as a waterfall, after those that came from the cache. */
function Waterfall({ bake }: { readonly bake: ReportedBake }) {
  const { stages, fromCache, seconds } = bake;
  const timed = stages.every(({ begun }) => begun !== undefined);
  const ordered = timed ? stages.toSorted((a, b) => begunOf(a) - begunOf(b)) : stages;
  const longest = Math.max(0, ...stages.map((one) => begunOf(one) + one.seconds));
  const bars = ordered.map((one): Bar => {
    const { name, seconds: took } = one;
    return { name, from: begunOf(one), seconds: took, text: measuredTimeText(took) };
  });
  return (
    <>
      {timed ? null : (
        <p class="soft">
          The begin of the stages was not recorded: each bar begins at the left and shows only how long the
          stage took.
        </p>
      )}
      <Bars
        caption={
          timed ? 'Stages of the bake, in seconds since it began' : 'How long each stage of the bake took'
        }
        what="stage"
        bars={[...fromCache.map(cachedBar), ...bars]}
        whole={timed ? Math.max(longest, seconds) : longest}
      />
      {fromCache.length === 0 ? null : (
        <Keys
          keys={[
            { fill: 'fill', text: 'ran' },
            { fill: 'fill-idle', text: 'came from the cache' },
          ]}
        />
      )}
    </>
  );
}

/** How long each stage of the bake took, and with what it was baked. */
export function Bake({ bake }: VersionReportFacts) {
  if (bake === undefined) return <p>How this version was baked is not recorded.</p>;
  const { stages, fromCache, begun, seconds, run, programs } = bake;
  return (
    <>
      <p>
        {`The bake began ${momentText(begun)} and took ${measuredTimeText(seconds)}, for all of its roles together. Run `}
        <code>{run}</code>.
      </p>
      {stages.length + fromCache.length === 0 ? (
        <p class="soft">The times of its stages are no longer known: the logs of its run were removed.</p>
      ) : (
        <Waterfall bake={bake} />
      )}
      {Object.keys(programs).length === 0 ? null : (
        <More title="Programs that it was baked with">
          <DataTable
            caption="Versions of ingot, Node.js and the Debian packages of the programs"
            columns={[{ title: 'program' }, { title: 'version' }]}
            rows={Object.entries(programs)}
          />
        </More>
      )}
    </>
  );
}
