/** What whoever writes must know first: read only, typing that came back, somebody who saved before, what went wrong. */
import { Alert, Button } from 'antd';
import dayjs from 'dayjs';
import type { Lang } from '../api/contract.ts';
import { tell } from './editor-words.ts';
import type { Writing } from './editor-writing.ts';
import type { RequestFailure } from './http.ts';

export function EditorNotices({
  writing: { readOnly, report, draft, dirty, conflict, takeTheirs, save },
  failure,
  lang,
  onDiscard,
}: {
  writing: Writing;
  failure: RequestFailure | null;
  lang: Lang;
  /** Back to what is saved. */
  onDiscard(): void;
}) {
  return (
    <>
      {readOnly ? <Alert type="info" showIcon title={tell(lang, 'file_read_only')} /> : null}
      {readOnly && report ? <Alert type="warning" showIcon title={tell(lang, 'behind_file')} /> : null}
      {draft && dirty ? (
        <Alert
          type="info"
          showIcon
          title={tell(lang, 'restored', { at: dayjs(draft.at).format('YYYY-MM-DD HH:mm') })}
          action={
            <Button size="small" autoInsertSpace={false} onClick={onDiscard}>
              {tell(lang, 'discard')}
            </Button>
          }
        />
      ) : null}
      {conflict ? (
        <Alert
          type="warning"
          showIcon
          title={tell(lang, 'conflict', { by: conflict.by, number: conflict.number })}
          description={tell(lang, 'conflict_hint')}
          action={
            <div className="report-tools">
              <Button size="small" autoInsertSpace={false} onClick={takeTheirs}>
                {tell(lang, 'theirs')}
              </Button>
              <Button size="small" autoInsertSpace={false} onClick={() => void save(true, conflict.version)}>
                {tell(lang, 'mine')}
              </Button>
            </div>
          }
        />
      ) : null}
      {failure ? <Failure failure={failure} lang={lang} /> : null}
    </>
  );
}

function Failure({ failure, lang }: { failure: RequestFailure; lang: Lang }) {
  if (failure.status !== 401) return <Alert type="error" showIcon title={failure.message} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={tell(lang, 'signed_out')}
      action={
        <a href="/sign-in" target="_blank" rel="noreferrer">
          {tell(lang, 'sign_in')}
        </a>
      }
    />
  );
}
