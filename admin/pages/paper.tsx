/** Pages to be printed: without the frame of the console, in its light colours. */
import { useParams, useSearchParams } from 'react-router';
import RetrospectivePaper from '../../reports/retrospective-paper.tsx';
import { useLang } from '../i18n/index.ts';

export default function Paper() {
  const { month = '' } = useParams();
  const [search] = useSearchParams();
  const { lang } = useLang();
  return <RetrospectivePaper month={month} number={search.get('number')} lang={lang} />;
}
