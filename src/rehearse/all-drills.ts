import type { Drill } from './drill.ts';
import { agree } from './drills/agree.ts';
import { compare } from './drills/compare.ts';
import { container } from './drills/container.ts';
import { driftDrill } from './drills/drift.ts';
import { grow } from './drills/grow.ts';
import { killLeader } from './drills/kill-leader.ts';
import { mastersApart } from './drills/masters-apart.ts';
import { minority } from './drills/minority.ts';
import { partition } from './drills/partition.ts';
import { reboot } from './drills/reboot.ts';
import { replaceAddress } from './drills/replace-address.ts';
import { replaceDisk } from './drills/replace-disk.ts';
import { rise } from './drills/rise.ts';
import { settings } from './drills/settings.ts';
import { slavesFirst } from './drills/slaves-first.ts';
import { task } from './drills/task.ts';
import { tls } from './drills/tls.ts';

/**
 * All drills, in the order that takes the least time. `reboot` follows the drills that power nodes off, because those
 * nodes need no further restart. Drills that empty the state come late. `grow` is last, because it enlarges the
 * cluster.
 */
export const allDrills: readonly Drill[] = [
  rise,
  agree,
  tls,
  task,
  compare,
  driftDrill,
  settings,
  container,
  partition,
  killLeader,
  minority,
  reboot,
  replaceDisk,
  replaceAddress,
  slavesFirst,
  mastersApart,
  grow,
];
