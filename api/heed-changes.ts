/** What a process keeps of what others may change: brought up to date when they say so, and when they may have said it unheard. */
import type { Deps } from './context.ts';
import { hearEvents } from './event-listener.ts';
import { BROWSER_REPORTS } from './report/browser-reports.ts';
import { refreshReports } from './report/store.ts';

/** Of the definitions that staff change on screens, and the reports that are written there. @returns a function that stops it */
export function heedChanges(deps: Deps): () => void {
  return hearEvents(deps, {
    tell: (event) => {
      if (event.type !== 'resource') return;
      deps.definitions.changed(event.name);
      if (event.name === BROWSER_REPORTS) void refreshReports(deps);
    },
    listening: () => {
      for (const name of deps.definitions.reads) deps.definitions.changed(name);
      void refreshReports(deps);
    },
  });
}
