import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { MetaResource, Timeline, TimelineEntry } from '../../api/contract.ts';
import { utcToZoned } from '../fields/zoned-time.ts';
import { useLang } from '../i18n/index.ts';
import { useMeta } from '../meta/meta.tsx';
import { getJson } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Button } from '../ui/button.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import './timeline.css';

/** What happened with a record and why, the latest first; by kind, a page at a time. */
export default function RecordTimeline({ resource, id, as_of }: { resource: MetaResource; id: number; as_of: number }) {
  const { t, say } = useLang();
  const [chosen, setChosen] = useState<string[]>([]);
  const kinds = chosen.length > 0 ? `kinds=${chosen.join(',')}` : '';
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['evergreen', 'timeline', resource.name, id, as_of, kinds],
    queryFn: ({ pageParam, signal }) => {
      const query = [kinds, pageParam === null ? '' : `before=${pageParam}`].filter(Boolean).join('&');
      return getJson<Timeline>(`${recordPath(resource.name, id)}/_timeline${query ? `?${query}` : ''}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    retry: false,
  });
  const entries = data?.pages.flatMap((page) => page.entries);
  const toggle = (kind: string) =>
    setChosen((before) => (before.includes(kind) ? before.filter((each) => each !== kind) : [...before, kind]));
  return (
    <section className="card timeline" aria-label={t('timeline.title')} aria-busy={isFetching}>
      <fieldset className="timeline-kinds" aria-label={t('timeline.kinds')}>
        <button type="button" aria-pressed={chosen.length === 0} onClick={() => setChosen([])}>
          {t('timeline.all')}
        </button>
        {Object.entries(resource.timeline!.kinds).map(([kind, label]) => (
          <button key={kind} type="button" aria-pressed={chosen.includes(kind)} onClick={() => toggle(kind)}>
            {say(label)}
          </button>
        ))}
      </fieldset>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : entries === undefined ? (
        <Skeleton lines={8} />
      ) : entries.length === 0 ? (
        <p className="child-none">{t('timeline.none')}</p>
      ) : (
        <ol>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} kind={resource.timeline!.kinds[entry.kind]} />
          ))}
        </ol>
      )}
      {hasNextPage ? (
        <footer>
          <Button busy={isFetching} onClick={() => void fetchNextPage()}>
            {t('timeline.more')}
          </Button>
        </footer>
      ) : null}
    </section>
  );
}

function Entry({ entry, kind }: { entry: TimelineEntry; kind: readonly [string, string] | undefined }) {
  const { t, say } = useLang();
  const { settings, resources } = useMeta();
  const at = utcToZoned(entry.at, settings.time_zone);
  const target = entry.of && resources.some((each) => each.name === entry.of!.resource) ? entry.of : null;
  return (
    <li className={`timeline-entry timeline-${entry.tone}`}>
      <p className="timeline-when">
        <time dateTime={entry.at} title={`${at} ${settings.time_zone}`}>
          {at.slice(0, 16)}
        </time>
        {kind ? <span>{say(kind)}</span> : null}
      </p>
      <div className="timeline-what">
        <p>{target ? <Link to={`/${target.resource}/${target.id}`}>{say(entry.text)}</Link> : say(entry.text)}</p>
        {entry.reasons.length + (entry.by ? 1 : 0) > 0 ? (
          <ul>
            {entry.reasons.map((reason) => (
              <li key={reason[0]}>{say(reason)}</li>
            ))}
            {entry.by ? <li>{t('timeline.by', { name: entry.by })}</li> : null}
          </ul>
        ) : null}
      </div>
    </li>
  );
}
