import type { MetaResource } from '../../api/contract.ts';
import { useLang } from '../i18n/index.ts';
import { oneLabel, withinSentence } from '../meta/meta.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Empty } from '../ui/states.tsx';

/** Nothing found, or nothing there yet: each says what to do next, as far as this person may do it. */
export function EmptyList({ resource, asked, onClear }: { resource: MetaResource; asked: boolean; onClear(): void }) {
  const { t, say } = useLang();
  const label = say(resource.label);
  if (asked) {
    return (
      <Empty
        icon="search"
        title={t('list.none_found')}
        actions={<Button onClick={onClear}>{t('list.clear_all')}</Button>}
      >
        {t('list.none_found_hint')}
      </Empty>
    );
  }
  const { create, import: mayImport } = resource.can;
  return (
    <Empty
      icon={resource.icon}
      title={t('list.empty', { label: withinSentence(label) })}
      actions={
        create || mayImport ? (
          <>
            {create ? (
              <ButtonLink to={`/${resource.name}/new`} icon="add" tone="primary">
                {t('list.create', { label: oneLabel(resource, say) })}
              </ButtonLink>
            ) : null}
            {mayImport ? (
              <ButtonLink to={`/${resource.name}/import`} icon="upload">
                {t('list.import_file')}
              </ButtonLink>
            ) : null}
          </>
        ) : null
      }
    >
      {t(create ? 'list.empty_hint' : 'list.empty_hint_reader', { label })}
    </Empty>
  );
}
