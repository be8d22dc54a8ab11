/** The ways from a record or a form to its dry run and its back-test. */
import { useNavigate } from 'react-router';
import type { Json, MetaResource, Row } from '../../api/contract.ts';
import { sendableFields } from '../form/changes.ts';
import { useLang } from '../i18n/index.ts';
import { titleOf } from '../meta/meta.tsx';
import { Button } from '../ui/button.tsx';
import { keepDraft } from './drafts.ts';

/** Of a saved record: what it does now, and what would be without it (or with it, where it is off). */
export function TryRecord({ resource, record }: { resource: MetaResource; record: Row }) {
  const { t } = useLang();
  const navigate = useNavigate();
  const { on, off } = resource.tried!;
  const active = Object.entries(on).every(([name, value]) => record[name] === value);
  const backTest = () => {
    keepDraft({
      ...{ resource: resource.name, id: record.id as number, values: active ? off : on, as: active ? 'off' : 'on' },
      name: namesOf(resource, record),
    });
    navigate('/back-tests');
  };
  return (
    <>
      <Button icon="play" onClick={() => navigate('/trial')}>
        {t('trial.try')}
      </Button>
      {resource.can.edit ? (
        <Button icon="chart" onClick={backTest}>
          {t('trial.back_test')}
        </Button>
      ) : null}
    </>
  );
}

/** Of a form: the values as they are typed. It stays open; what is tried opens beside it. */
export function TryValues({ resource, id, values }: { resource: MetaResource; id: Json | undefined; values: Row }) {
  const { t } = useLang();
  const open = (path: string) => {
    const fields = sendableFields(resource, id === undefined);
    const name = keepDraft({
      resource: resource.name,
      id: (id as number | undefined) ?? null,
      values: Object.fromEntries(fields.map((field) => [field, values[field] ?? null])),
      name: namesOf(resource, values),
    });
    window.open(`${path}?draft=${encodeURIComponent(name)}`, '_blank');
  };
  return (
    <>
      <Button icon="play" onClick={() => open('/trial')}>
        {t('trial.try')}
      </Button>
      <Button icon="chart" onClick={() => open('/back-tests')}>
        {t('trial.back_test')}
      </Button>
    </>
  );
}

function namesOf(resource: MetaResource, record: Row): readonly [string, string] {
  const named = (lang: 'zh' | 'en') => titleOf(resource, record, lang) || '–';
  return [named('zh'), named('en')];
}
