/**
 * A board: a column for each choice, the records of the list as cards in them. A card is dragged to another column, moved
 * from its menu, or picked up with the space bar and moved with the arrow keys.
 */
import './layouts.css';
import '../bulk/bulk.css';
import { type KeyboardEvent, Suspense, useId, useState } from 'react';
import type { ActionDefinition, MetaResource, Row } from '../../api/contract.ts';
import { PickBox } from '../bulk/pick-box.tsx';
import { isChosen, type Picks } from '../bulk/selection.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { HttpFailure } from '../refine/http.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { later } from '../ui/later.tsx';
import { Menu } from '../ui/menu.tsx';
import { Failure, Skeleton } from '../ui/states.tsx';
import { showToast } from '../ui/toast-store.ts';
import { refreshLayout, usePieces } from './layout-query.ts';
import { boardFields, cardBody, cardFields } from './layouts.ts';
import { changeRecord, runAction, wayTo } from './move-record.ts';
import { sayTotal } from './pager.tsx';
import { RecordCard } from './record-card.tsx';
import type { ListView } from './view.ts';

const ActionDialog = later(() => import('../detail/action-dialog.tsx'));
const PAGE = 20;

interface Lane {
  /** Null: the records without a choice. */
  code: string | null;
  label: string;
}
interface Held {
  row: Row;
  from: number;
  to: number;
}

export default function Board({
  resource,
  view,
  picks,
}: {
  resource: MetaResource;
  view: ListView;
  /** Where records can be chosen, to be changed together. */
  picks?: Picks;
}) {
  const { t, say, lang } = useLang();
  const hint = useId();
  const names = boardFields(resource);
  const by = names.includes(view.by) ? view.by : (names[0] ?? '');
  const field = resource.fields[by];
  const lanes: Lane[] = [
    ...Object.entries(field && 'choices' in field ? field.choices : {}).map(([code, label]) => ({
      code,
      label: say(label),
    })),
    ...(field?.required ? [] : [{ code: null, label: t('board.none') }]),
  ];
  const [sizes, setSizes] = useState<{ [lane: number]: number }>({});
  const [held, setHeld] = useState<Held | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const [asking, setAsking] = useState<{ row: Row; name: string; action: ActionDefinition } | null>(null);
  const fields = cardFields(resource, undefined, [by]);
  const body = cardBody(resource).filter((name) => name !== by);
  const answers = usePieces(
    resource,
    view,
    lanes.map(({ code }, at) => ({
      where: { [by]: code === null ? { null: true as const } : { eq: code } },
      fields,
      size: sizes[at] ?? PAGE,
    })),
  );
  const failed = answers.find((answer) => answer.isError && !answer.data);
  if (failed) return <Failure error={failed.error} onRetry={() => void refreshLayout(resource.name)} />;

  const move = async (row: Row, target: Lane | undefined) => {
    setHeld(null);
    setOver(null);
    if (!target || row[by] === target.code) return;
    const title = titleOf(resource, row, lang);
    const way = wayTo(resource, by, target.code);
    if (!way) {
      showToast({ text: t('board.cannot', { title, to: target.label }), tone: 'bad' });
      return;
    }
    if (way.kind === 'action' && (way.action.input || way.action.confirm)) {
      setAsking({ row, name: way.name, action: way.action });
      return;
    }
    try {
      const waiting =
        way.kind === 'change'
          ? await changeRecord(resource, row, { [by]: target.code })
          : await runAction(resource, row, way.name);
      if (waiting) showToast({ text: t('propose.done') });
      setSaid(waiting ? t('propose.done') : t('board.moved', { title, to: target.label }));
    } catch (error) {
      const stale = error instanceof HttpFailure && error.statusCode === 412;
      const sentence = stale ? t('board.stale', { title }) : reasonOf(error);
      showToast({ text: sentence, tone: 'bad' });
      setSaid(sentence);
    }
    await refreshLayout(resource.name);
    // The card has been drawn anew in its column; the focus goes with it.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${String(row.id)}"]`)?.focus());
  };
  const onKey = (event: KeyboardEvent, row: Row, lane: number) => {
    if (event.key === ' ' && !held) {
      event.preventDefault();
      setHeld({ row, from: lane, to: lane });
      setSaid(t('board.held', { title: titleOf(resource, row, lang) }));
      return;
    }
    if (!held) return;
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      const to = Math.min(lanes.length - 1, Math.max(0, held.to + step));
      setHeld({ ...held, to });
      setSaid(t('board.over', { to: lanes[to]?.label ?? '' }));
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      void move(held.row, lanes[held.to]);
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      setHeld(null);
      setSaid(t('board.dropped'));
    }
  };
  const target = held?.to ?? over;
  return (
    <div className="board-scroll">
      <p className="visually-hidden" id={hint}>
        {t('board.hint')}
      </p>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      <div className="board">
        {lanes.map((lane, at) => {
          const answer = answers[at];
          const rows = answer?.data?.data;
          if (lane.code === null && rows?.length === 0) return null;
          return (
            <section
              key={lane.code ?? ''}
              aria-label={lane.label}
              className={`lane${target === at && held?.from !== at ? ' lane-target' : ''}`}
              onDragOver={(event) => {
                if (!held) return;
                event.preventDefault();
                setOver(at);
                if (held.to !== at) setHeld({ ...held, to: at });
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (held) void move(held.row, lane);
              }}
            >
              <h2>
                {lane.label} <span className="muted">{answer?.data ? sayTotal(answer.data) : ''}</span>
              </h2>
              {rows ? (
                <ul aria-busy={answer?.isFetching}>
                  {rows.map((row) => (
                    <li key={String(row.id)}>
                      <RecordCard
                        resource={resource}
                        row={row}
                        fields={body}
                        held={held?.row.id === row.id}
                        describedBy={hint}
                        onKeyDown={(event) => onKey(event, row, at)}
                        onDragStart={(event) => {
                          event.dataTransfer.effectAllowed = 'move';
                          event.dataTransfer.setData('text/plain', String(row.id));
                          setHeld({ row, from: at, to: at });
                        }}
                        onDragEnd={() => {
                          setHeld(null);
                          setOver(null);
                        }}
                        tools={
                          <>
                            {picks ? (
                              <PickBox
                                id={row.id as number}
                                title={titleOf(resource, row, lang)}
                                chosen={isChosen(picks.selection, row.id as number)}
                                onToggle={(id) => picks.pick(id, titleOf(resource, row, lang))}
                              />
                            ) : null}
                            <MoveMenu
                              title={titleOf(resource, row, lang)}
                              lanes={lanes.filter((other) => other.code !== lane.code)}
                              why={(to) => (wayTo(resource, by, to.code) ? null : t('board.no_way'))}
                              onMove={(to) => void move(row, to)}
                            />
                          </>
                        }
                      />
                    </li>
                  ))}
                </ul>
              ) : (
                <Skeleton lines={3} />
              )}
              {rows?.length === 0 ? <p className="muted lane-empty">{t('board.empty')}</p> : null}
              {answer?.data && answer.data.total > answer.data.data.length ? (
                <Button
                  small
                  tone="quiet"
                  busy={answer.isFetching}
                  onClick={() => setSizes({ ...sizes, [at]: (sizes[at] ?? PAGE) + PAGE })}
                >
                  {t('board.more')}
                </Button>
              ) : null}
            </section>
          );
        })}
      </div>
      <Suspense>
        {asking ? (
          <ActionDialog
            resource={resource}
            record={{ ...asking.row, $etag: typeof asking.row.version === 'number' ? `"${asking.row.version}"` : null }}
            name={asking.name}
            action={asking.action}
            onClose={() => setAsking(null)}
            onDone={() => {
              setAsking(null);
              void refreshLayout(resource.name);
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

function MoveMenu({
  title,
  lanes,
  why,
  onMove,
}: {
  title: string;
  lanes: Lane[];
  why(lane: Lane): string | null;
  onMove(lane: Lane): void;
}) {
  const { t } = useLang();
  return (
    <Menu
      label={t('board.move', { title })}
      className="button button-quiet button-icon button-small"
      trigger={<Icon name="more" />}
      groups={[
        lanes.map((lane) => ({
          key: lane.code ?? '',
          label: t('board.move_to', { to: lane.label }),
          why: why(lane),
          run: () => onMove(lane),
        })),
      ]}
    />
  );
}

/** What is wrong with the fields says more than that something is. */
export function reasonOf(error: unknown): string {
  const errors = error instanceof HttpFailure ? Object.values(error.errors ?? {}) : [];
  return errors[0]?.message ?? (error instanceof Error ? error.message : String(error));
}
