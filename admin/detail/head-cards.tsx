import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Head, HeadCard, HeadGoal, HeadValue, MetaResource, Row } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { useLang } from '../i18n/index.ts';
import { getJson } from '../refine/http.ts';
import { recordPath } from '../refine/wire.ts';
import { Icon } from '../ui/icon.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import './head-cards.css';

/** What matters most of a record, before anything else of it. */
export default function HeadCards({ resource, record, as_of }: { resource: MetaResource; record: Row; as_of: number }) {
  const { t } = useLang();
  const { data, error, refetch } = useQuery({
    queryKey: ['evergreen', 'head', resource.name, record.id, as_of],
    queryFn: ({ signal }) => getJson<Head>(`${recordPath(resource.name, record.id as number)}/_head`, signal),
    retry: false,
    staleTime: 0,
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data?.cards.length === 0) return null;
  return (
    <section className="head-cards" aria-label={t('detail.head')} aria-busy={!data}>
      {data
        ? data.cards.map((card) => <Card key={card.name} card={card} />)
        : [0, 1, 2, 3].map((place) => (
            <div key={place} className="card head-card">
              <Skeleton lines={4} />
            </div>
          ))}
    </section>
  );
}

function Card({ card }: { card: HeadCard }) {
  const { say } = useLang();
  return (
    <article className={`card head-card${card.goals?.length ? ' head-card-wide' : ''}`}>
      <div className="head-main">
        <h2>{say(card.label)}</h2>
        <p>
          {card.color ? <span className="head-color" style={{ background: card.color }} aria-hidden="true" /> : null}
          <Value value={card.main} />
        </p>
        <dl>
          {card.facts.map((fact) => (
            <div key={fact.label[1]}>
              <dt>{say(fact.label)}</dt>
              <dd>
                <Value value={fact} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
      {card.goals?.map((goal) => (
        <Goal key={goal.title[1]} goal={goal} />
      ))}
    </article>
  );
}

function Value({ value }: { value: HeadValue }) {
  const { say } = useLang();
  if ('text' in value) return value.to ? <Link to={value.to}>{say(value.text)}</Link> : say(value.text);
  return (
    <>
      <FieldCell field={value.field} value={value.value} full={value.field.kind === 'ref'} />
      {value.also ? (
        <>
          {' · '}
          <FieldCell field={value.also.field} value={value.also.value} />
        </>
      ) : null}
    </>
  );
}

function Goal({ goal }: { goal: HeadGoal }) {
  const { t, say } = useLang();
  return (
    <div className="head-goal">
      <h3>
        {say(goal.title)}
        <span className={`head-state ${goal.reached ? 'head-reached' : ''}`}>
          {goal.reached ? <Icon name="check" /> : null}
          {goal.reached ? t('head.reached') : t('head.on_the_way')}
        </span>
      </h3>
      {goal.any ? <p className="muted">{t('head.any')}</p> : null}
      {goal.note ? <p className="muted">{say(goal.note)}</p> : null}
      {goal.meters.map((meter) => (
        <div key={meter.label[1]} className="head-meter">
          <div className="head-meter-words">
            <span>{say(meter.label)}</span>
            <span>
              <FieldCell field={meter.field} value={meter.value} /> /{' '}
              <FieldCell field={meter.field} value={meter.target} />
            </span>
          </div>
          <meter
            aria-label={say(meter.label)}
            className={meter.met ? 'meter-met' : undefined}
            min={0}
            max={1}
            value={meter.share}
          />
          {meter.met ? null : (
            <p className="head-missing">
              {t('head.missing')} <FieldCell field={meter.field} value={meter.missing} />
            </p>
          )}
        </div>
      ))}
    </div>
  );
}
