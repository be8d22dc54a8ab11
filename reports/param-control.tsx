/** One control per type of parameter. A value is the list of texts that the address carries; null is the default. */
import { DatePicker, Input, InputNumber, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { createContext, useContext, useState } from 'react';
import type { Json, Lang } from '../api/contract.ts';
import type { ReportParam } from '../api/contract-reports.ts';
import { pick } from './cell-value.ts';
import { useJson } from './http.ts';
import { say, type Word } from './words.ts';

export interface ParamProps {
  name: string;
  param: ReportParam;
  slug: string;
  lang: Lang;
  texts: string[] | null;
  resolved: Json;
  /** Said where nothing is chosen, instead of "all". */
  unset?: string | undefined;
  onChange(values: string[] | null): void;
}

type Choices = { value: Json; label: string }[];

/** By parameter, of a text that is not published: they come with its preview. */
export const GivenChoices = createContext<{ [param: string]: Choices } | null>(null);

/** Dates of parameters travel as days; an open end is as far as days go. */
const DAY = 'YYYY-MM-DD';
const RANGES: readonly Word[] = [
  'last_7d',
  'last_28d',
  'last_90d',
  'this_month',
  'last_month',
  'last_12m',
  'this_year',
];

export function Control(props: ParamProps & { id: string; label: string }) {
  const { param } = props;
  if (param.type === 'daterange') return <RangeControl {...props} />;
  if (param.type === 'date') return <DayControl {...props} />;
  if (param.type === 'enum') return <EnumControl {...props} />;
  if (param.options) return <OptionsControl {...props} />;
  if (param.type === 'integer' && !param.many && isShort(param)) return <StepsControl {...props} />;
  if (param.type === 'boolean') return <BooleanControl {...props} />;
  return <TypedControl {...props} />;
}

function RangeControl({
  id,
  label,
  param,
  lang,
  texts,
  resolved,
  unset,
  onChange,
}: ParamProps & { id: string; label: string }) {
  const text = texts?.[0] ?? (typeof param.default === 'string' ? param.default : '');
  const [from, to] = typeof resolved === 'string' && resolved.includes('..') ? resolved.split('..') : [];
  const names = [...RANGES, ...(param.max === undefined ? (['all'] as const) : [])];
  return (
    <span className="report-range">
      <Select
        id={id}
        value={names.includes(text as Word) ? text : null}
        placeholder={texts ? '—' : (unset ?? '—')}
        allowClear={unset !== undefined}
        options={names.map((name) => ({ value: name, label: say(lang, name) }))}
        onChange={(value: string | undefined) => onChange(value ? [value] : null)}
        popupMatchSelectWidth={false}
        className="report-range-name"
      />
      <DatePicker.RangePicker
        aria-label={label}
        value={from && to ? [dayjs(from), dayjs(to)] : null}
        allowClear={false}
        className="report-range-days"
        onChange={(days) => {
          if (days?.[0] && days[1]) onChange([`${days[0].format(DAY)}..${days[1].format(DAY)}`]);
        }}
      />
    </span>
  );
}

function DayControl({ id, param, texts, resolved, onChange }: ParamProps & { id: string }) {
  const day = typeof resolved === 'string' ? resolved : texts?.[0];
  return (
    <DatePicker
      id={id}
      value={day && /^\d{4}-/.test(day) ? dayjs(day) : null}
      allowClear={param.default === undefined}
      onChange={(value) => onChange(value ? [value.format(DAY)] : null)}
    />
  );
}

function EnumControl({ id, label, param, lang, texts, unset, onChange }: ParamProps & { id: string; label: string }) {
  const options = (param.values ?? []).map((value) => ({
    value,
    label: param.labels?.[value] ? pick(lang, param.labels[value]) : value,
  }));
  const values = texts ?? [param.default ?? []].flat().map(String);
  if (!param.many && options.length <= 4 && param.default !== undefined) {
    return (
      <Segmented
        aria-label={label}
        id={id}
        value={values[0] ?? ''}
        options={options}
        onChange={(value) => onChange([value])}
      />
    );
  }
  return (
    <Choice
      id={id}
      many={param.many === true}
      required={param.default !== undefined}
      unset={unset}
      lang={lang}
      values={values}
      options={options}
      onChange={onChange}
    />
  );
}

function OptionsControl({ id, name, slug, param, lang, texts, unset, onChange }: ParamProps & { id: string }) {
  const given = useContext(GivenChoices);
  const choices = given && (given[name] ?? []);
  const { data } = useJson<Choices>(choices ? null : `/api/_reports/options/${slug}/${name}`, { lang });
  const options = (choices ?? data ?? []).map(({ value, label }) => ({ value: String(value), label }));
  const values = texts ?? [param.default ?? []].flat().map(String);
  return (
    <Choice
      id={id}
      many={param.many === true}
      required={param.default !== undefined}
      unset={unset}
      lang={lang}
      values={values}
      options={options}
      onChange={onChange}
    />
  );
}

function Choice({
  id,
  many,
  required,
  unset,
  lang,
  values,
  options,
  onChange,
}: {
  id: string;
  many: boolean;
  required: boolean;
  unset: string | undefined;
  lang: Lang;
  values: string[];
  options: { value: string; label: string }[];
  onChange(values: string[] | null): void;
}) {
  const shared = {
    id,
    options,
    allowClear: !required,
    placeholder: unset ?? say(lang, 'all'),
    popupMatchSelectWidth: false,
    className: 'report-choice',
    showSearch: { optionFilterProp: 'label' },
  } as const;
  if (many) {
    return (
      <Select
        {...shared}
        mode="multiple"
        maxTagCount="responsive"
        value={values}
        onChange={(next: string[]) => onChange(next.length > 0 ? next : null)}
      />
    );
  }
  return (
    <Select
      {...shared}
      value={values[0] ?? null}
      onChange={(next: string | null | undefined) => onChange(next ? [next] : null)}
    />
  );
}

function BooleanControl({ id, param, lang, texts, unset, onChange }: ParamProps & { id: string }) {
  const options = [
    { value: 'true', label: lang === 'zh' ? '是' : 'Yes' },
    { value: 'false', label: lang === 'zh' ? '否' : 'No' },
  ];
  const values = texts ?? (param.default === undefined ? [] : [String(param.default)]);
  return (
    <Choice
      id={id}
      many={false}
      required={param.default !== undefined}
      unset={unset}
      lang={lang}
      values={values}
      options={options}
      onChange={onChange}
    />
  );
}

/** So few whole numbers are picked, not typed. */
function isShort({ min, max }: ReportParam): boolean {
  return min !== undefined && typeof max === 'number' && max - min < 12;
}

function StepsControl({ id, param, lang, texts, unset, onChange }: ParamProps & { id: string }) {
  const [min, max] = [param.min ?? 0, Number(param.max)];
  const options = Array.from({ length: max - min + 1 }, (_, step) => ({
    value: String(min + step),
    label: String(min + step),
  }));
  const values = texts ?? [param.default ?? []].flat().map(String);
  return (
    <Choice
      id={id}
      many={false}
      required={param.default !== undefined}
      unset={unset}
      lang={lang}
      values={values}
      options={options}
      onChange={onChange}
    />
  );
}

/** Text and numbers are taken when the field is left or Enter is pressed, not with every key. */
function TypedControl({ id, param, lang, texts, resolved, unset, onChange }: ParamProps & { id: string }) {
  const shown = texts?.join(', ') ?? (resolved === null ? '' : String(resolved));
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft === null) return;
    const values = (param.many ? draft.split(/[,，\s]+/) : [draft.trim()]).filter(Boolean);
    onChange(values.length > 0 ? values : null);
    setDraft(null);
  };
  const shared = {
    id,
    value: draft ?? shown,
    placeholder: unset ?? say(lang, 'all'),
    onBlur: commit,
    onPressEnter: commit,
    className: 'report-typed',
  };
  if ((param.type === 'integer' || param.type === 'decimal') && !param.many) {
    const limits = {
      ...(param.min === undefined ? {} : { min: String(param.min) }),
      ...(typeof param.max === 'number' ? { max: String(param.max) } : {}),
    };
    return (
      <InputNumber<string>
        stringMode
        {...shared}
        {...limits}
        onChange={(value) => setDraft(value === null ? '' : String(value))}
        onStep={(value) => onChange([String(value)])}
      />
    );
  }
  return <Input {...shared} allowClear onChange={(event) => setDraft(event.target.value)} />;
}
