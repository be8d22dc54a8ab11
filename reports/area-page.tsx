/** An area at a glance: its reports beside each other. What several of them ask for is asked once; a click on one narrows the others. */
import './reports.css';
import './board.css';
import { Alert, Empty, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Json, Lang } from '../api/contract.ts';
import type { ReportCatalogue, ReportDefinition, ReportParam } from '../api/contract-reports.ts';
import {
  askedOf,
  type BoardParam,
  boardParams,
  type Click,
  choosing,
  chosenBy,
  clickedOn,
  controlled,
  withChoice,
  withClick,
  withoutChoices,
  withoutClick,
} from './board-filters.ts';
import { BoardPanel } from './board-panel.tsx';
import { pick, type Reader } from './cell-value.ts';
import { type Chosen, chosenIn } from './chosen.ts';
import { drillAddress } from './drill.ts';
import { useJson } from './http.ts';
import { ParamBar } from './param-bar.tsx';
import { preloadChart } from './report-body.tsx';
import { useReportEvents } from './report-events.ts';
import type { ReportsProps } from './report-page.tsx';
import { SubscribeButton } from './subscribe-button.tsx';
import { say, told } from './words.ts';

const EVERY_MS = 60_000;

export default function AreaPage({ area: name, lang, dark, subscribe }: ReportsProps & { area: string }) {
  const version = useReportEvents(null, subscribe);
  const minute = useMinutes();
  const { data, error } = useJson<ReportCatalogue>('/api/_reports', { lang, version });
  const area = data?.areas.find((each) => each.name === name);
  useEffect(() => void preloadChart(), []);
  const title = area ? pick(lang, area.label) : '';
  useEffect(() => {
    if (title) document.title = `${title} · ${lang === 'zh' ? '常青' : 'Evergreen'}`;
  }, [title, lang]);
  if (error) return <Alert type="error" showIcon title={error.message} />;
  if (!data) return <Skeleton active title={false} paragraph={{ rows: 8 }} />;
  if (!area) return <Empty description={told(lang, say(lang, 'not_found'), name)} />;
  const own = data.reports.filter((report) => report.area === name);
  const shown = area.board ? area.board.flatMap((slug) => data.reports.filter((report) => report.slug === slug)) : own;
  const reader = { lang, currency: data.currency, today: data.today };
  return (
    <article className="report board">
      <header className="report-head">
        <div>
          <nav className="report-path" aria-label={say(lang, 'reports')}>
            <Link to="/reports">{say(lang, 'reports')}</Link>
          </nav>
          <h1>{title}</h1>
          <p className="report-describe">{say(lang, narrows(shown) ? 'board_hint_click' : 'board_hint')}</p>
        </div>
        <div className="report-tools">
          <SubscribeButton about="area" target={name} lang={lang} />
        </div>
      </header>
      <Panels key={name} shown={shown} reader={reader} dark={dark} version={version + minute} />
    </article>
  );
}

/** Whether a click on one of its reports narrows others. */
function narrows(shown: readonly ReportDefinition[]): boolean {
  const params = boardParams(shown);
  return shown.some((definition) => Object.keys(choosing(definition, params)).length > 0);
}

/** What the controls stand for, as the reports that were asked it say: by parameter. */
type Said = { [name: string]: Json };

function Panels({
  shown,
  reader,
  dark,
  version,
}: {
  shown: readonly ReportDefinition[];
  reader: Reader;
  dark: boolean;
  version: number;
}) {
  const { lang } = reader;
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [said, setSaid] = useState<Said>({});
  const params = boardParams(shown);
  const chosen = chosenIn(
    search,
    params.map(({ name }) => name),
  );
  const narrowed = Object.keys(chosen).length > 0;
  const click = clickedOn(search);
  const asked = controlled(params, chosen).map(({ name, param, apart, takers }) => ({
    ...{ name, param, slug: takers[0]! },
    ...(apart ? { unset: say(lang, 'as_each') } : {}),
  }));
  const settled = (name: string, param: ReportParam) => Object.hasOwn(chosen, name) || param.default !== undefined;
  // Most say what others said: nothing is drawn again then.
  const onResolved = (slug: string, values: Said) => {
    const news = params.filter(
      ({ name, param, takers }) =>
        takers.includes(slug) && slug !== click?.slug && settled(name, param) && values[name] !== undefined,
    );
    setSaid((before) =>
      news.every(({ name }) => before[name] === values[name])
        ? before
        : { ...before, ...Object.fromEntries(news.map(({ name }) => [name, values[name]!])) },
    );
  };
  const resolved = Object.fromEntries(
    params.map(({ name, param }) => [name, settled(name, param) ? (said[name] ?? null) : null]),
  );
  const onPick = (definition: ReportDefinition) => {
    const by = choosing(definition, params);
    const { slug, drill } = definition;
    if (Object.keys(by).length === 0 && !drill) return {};
    return {
      onPick: (row: { [column: string]: unknown }) => {
        const picked = chosenBy(by, row);
        if (Object.keys(picked).length > 0) setSearch(withClick(search, slug, picked));
        else if (drill) navigate(drillAddress(drill, row));
      },
    };
  };
  return (
    <>
      <ParamBar
        params={asked}
        lang={lang}
        chosen={chosen}
        resolved={resolved}
        onChange={(name, values) => setSearch(withChoice(search, name, values), { replace: true })}
        onReset={() => setSearch(withoutChoices(search, params))}
      />
      <div className="board-panels">
        {shown.map((definition) => (
          <BoardPanel
            key={definition.slug}
            definition={definition}
            asked={askedOf(definition, chosen, click)}
            clicked={click?.slug === definition.slug ? namesOf(params, { chosen, click, lang }) : null}
            untouched={narrowed && !Object.keys(chosen).some((name) => Object.hasOwn(definition.params, name))}
            reader={reader}
            dark={dark}
            version={version}
            {...onPick(definition)}
            onUnpick={() => setSearch(withoutClick(search))}
            onAll={navigate}
            onResolved={onResolved}
          />
        ))}
      </div>
    </>
  );
}

/** "2026-03", "手机": what was clicked; of codes, which parameter: its control has the name. */
function namesOf(
  params: readonly BoardParam[],
  { chosen, click, lang }: { chosen: Chosen; click: Click; lang: Lang },
): string {
  return params
    .filter(({ name }) => click.names.includes(name))
    .flatMap(({ name, param }) =>
      param.options
        ? pick(lang, param.label ?? [name, name])
        : (chosen[name] ?? []).map((value) => pick(lang, param.labels?.[value] ?? [value, value])),
    )
    .join(' · ');
}

/** Grows each minute while somebody looks. */
function useMinutes(): number {
  const [minutes, setMinutes] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setMinutes((before) => before + 1);
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return minutes;
}
