import { useLang } from '../i18n/index.ts';
import type { Picks } from './selection.ts';

const NAMED_MAX = 5;

/** The names of what is meant, as far as they are few; of all that match, what is left out. */
export function Chosen({ picks }: { picks: Picks }) {
  const { t } = useLang();
  const { named, all } = picks.selection;
  const titles = [...named.values()].filter((title) => title !== '');
  if (titles.length === 0) return null;
  const names = titles.slice(0, NAMED_MAX).join(t('comma'));
  const said = titles.length > NAMED_MAX ? t('bulk.names_more', { names, n: titles.length - NAMED_MAX }) : names;
  return <p className="chosen-names">{all ? t('bulk.without', { names: said }) : said}</p>;
}
