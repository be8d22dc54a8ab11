/** A record's values in the sections of its form. */
import type { Field, Json, MetaResource, RelationLabels, Row, Section } from '../../api/contract.ts';
import { FieldCell } from '../fields/cell.tsx';
import { innerLabels } from '../fields/inner-labels.ts';
import { besideOf } from '../fields/kind.ts';
import { useLang } from '../i18n/index.ts';
import { readableFields } from '../meta/meta.tsx';
import { useShown } from './use-shown.ts';

/** The form's sections, and after them what the form does not show but may be read. */
export function sectionsOf(resource: MetaResource): Section[] {
  const sections = resource.form ?? [];
  // The title stands at the head of the page already.
  const placed = new Set([...sections.flatMap((section) => section.fields.flat()), ...[resource.title].flat()]);
  const others = readableFields(resource)
    .filter(([name, field]) => !placed.has(name) && field.kind !== 'password')
    .filter(([, field]) => !(field.readonly && field.left_out?.includes('form')))
    .map(([name]) => name);
  if (others.length === 0) return [...sections];
  const label: Section['label'] = sections.length > 0 ? ['其他信息', 'More'] : resource.label;
  return [...sections, { name: '$others', label, fields: others }];
}

/** A list leaves long texts and titles of relations to the record itself. */
const shows = (field: Field, value: Json | undefined, label: RelationLabels[string] | undefined): boolean =>
  value !== undefined &&
  !WIDE.includes(field.kind) &&
  ((field.kind !== 'ref' && field.kind !== 'refs') || value === null || label !== undefined);

const WIDE = ['longtext', 'items', 'rows', 'predicate', 'layout', 'json'];

export function SectionView({
  section,
  resource,
  record,
  waiting,
}: {
  section: Section;
  resource: MetaResource;
  record: Row;
  /** Only some fields are here yet. */
  waiting: boolean;
}) {
  const { say } = useLang();
  const shown = useShown(resource, record);
  const labels = record.$labels as RelationLabels | undefined;
  const names = section.fields.flat().filter((name) => {
    const field = resource.fields[name];
    return field && shown(name) && field.kind !== 'password' && resource.field_access[name]?.read !== false;
  });
  if (names.length === 0) return null;
  return (
    <section className="card detail-section" aria-label={say(section.label)}>
      <h2>{say(section.label)}</h2>
      <dl>
        {names.map((name) => {
          const field = resource.fields[name];
          return field ? (
            <div key={name} className={WIDE.includes(field.kind) ? 'detail-wide' : undefined}>
              <dt
                className={
                  names.length === 1 && say(field.label) === say(section.label) ? 'visually-hidden' : undefined
                }
              >
                {say(field.label)}
              </dt>
              <dd>
                {waiting && !shows(field, record[name], labels?.[name]) ? (
                  <span className="skeleton-line" />
                ) : (
                  <FieldCell
                    field={field}
                    value={record[name]}
                    label={labels?.[name]}
                    inner={field.kind === 'rows' ? innerLabels(name, labels) : undefined}
                    beside={besideOf(field, record)}
                    full
                  />
                )}
              </dd>
            </div>
          ) : null;
        })}
      </dl>
    </section>
  );
}
